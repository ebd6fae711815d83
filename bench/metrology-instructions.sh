#!/usr/bin/env bash
# Instructions per sample of the metrology interrupt on a NativeAOT build, counted by callgrind: the same from run to run.
# Usage: bench/metrology-instructions.sh [--json]            counts, and fails when the limit of 130 is passed by more than 2 %
#        bench/metrology-instructions.sh --judge LIMIT       judges the last count by another limit, without counting again
# Needs valgrind, binutils and gcc; exit status 3 where one is missing.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/metrology-instructions
limit=130
mkdir -p "$out"

judge() { awk -v v="$1" -v limit="$2" 'BEGIN { exit (v > 0 && v <= limit * 1.02) ? 0 : 1 }'; }
if [ "${1:-}" = --judge ]; then
  [ -s "$out/single" ] || { echo "nothing has been counted yet" >&2; exit 2; }
  if judge "$(cat "$out/single")" "$2"; then exit 0; fi
  echo "single phase: $(cat "$out/single") instructions per sample are more than 2 % above $2" >&2
  exit 1
fi

for tool in valgrind objcopy objdump; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/metrology-instructions.sh needs $tool" >&2; exit 3; }
done
program=$("$root/bench/publish-metrology.sh" linux-x64)
# valgrind does not read all of the compiler's debug sections; the symbol table is enough.
objcopy --strip-debug "$program" "$out/counted"

count_of() {
  DOTNET_GCHeapHardLimit=0x4000000 valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
    --toggle-collect="*Workload__$1" "$out/counted" "$2" "$3" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# The difference of two counts leaves out what happens once. Both lengths are whole seconds, frames included.
per_sample() {
  local small large
  small=$(count_of "$1" "$2" 40000)
  large=$(count_of "$1" "$2" 120000)
  { [ -n "$small" ] && [ -n "$large" ] && [ "$large" -gt "$small" ]; } || { echo "no count for $2" >&2; exit 1; }
  awk -v a="$small" -v b="$large" 'BEGIN { printf "%.2f", (b - a) / 80000 }'
}

static_count() {
  objdump -d --no-show-raw-insn "$out/counted" | awk -v name="$1" '
    /^[0-9a-f]+ <.*>:$/ { inside = index($0, name) > 0; next }
    inside && /^ / && !/\tnop/ { n++ } END { print n + 0 }'
}

single=$(per_sample SampleSingle single)
three=$(per_sample SampleThree three)
code=$(static_count "Metrology_MetrologyCore__OnSample>")
echo "$single" >"$out/single"
if judge "$single" $limit; then holds=true; else holds=false; fi

if [ "${1:-}" = --json ]; then
  printf '{"bench":"metrology-instructions","figures":['
  printf '{"name":"single-phase","value":%s,"unit":"instructions/sample","limit":%s,"holds":%s},' "$single" $limit "$holds"
  printf '{"name":"three-phase","value":%s,"unit":"instructions/sample","limit":null,"holds":true},' "$three"
  printf '{"name":"single-phase-static","value":%s,"unit":"instructions","limit":null,"holds":true}]}\n' "$code"
else
  echo "single phase: $single instructions per sample (limit $limit), $code in the method"
  echo "three phases: $three instructions per sample"
fi
[ "$holds" = true ]
