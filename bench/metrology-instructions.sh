#!/usr/bin/env bash
# Instructions per sample of the metrology interrupt on a NativeAOT build, counted by callgrind: the same from run to run.
# Usage: bench/metrology-instructions.sh [--json]. Needs valgrind, binutils and gcc. Fails when a limit is passed by more than 2 %.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/metrology-instructions
for tool in valgrind objcopy objdump gcc dotnet; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/metrology-instructions.sh needs $tool" >&2; exit 1; }
done

mkdir -p "$out"
if ! dotnet publish "$root/bench/metrology-instructions" -c Release -r linux-x64 -o "$out" -m:1 -v q >"$out/publish.log" 2>&1; then
  cat "$out/publish.log" >&2
  exit 1
fi
# valgrind does not read all of the compiler's debug sections; the symbol table is enough.
objcopy --strip-debug "$out/metrology-instructions" "$out/counted"

count_of() {
  DOTNET_GCHeapHardLimit=0x4000000 valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
    --toggle-collect="*Workload__$1" "$out/counted" "$2" "$3" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# The difference of two counts leaves out what happens once. Both lengths are whole seconds, frames included.
per_sample() {
  local small large
  small=$(count_of "$1" "$2" 80000)
  large=$(count_of "$1" "$2" 240000)
  { [ -n "$small" ] && [ -n "$large" ] && [ "$large" -gt "$small" ]; } || { echo "no count for $2" >&2; exit 1; }
  awk -v a="$small" -v b="$large" 'BEGIN { printf "%.2f", (b - a) / 160000 }'
}

static_count() {
  objdump -d --no-show-raw-insn "$out/counted" | awk -v name="$1" '
    /^[0-9a-f]+ <.*>:$/ { inside = index($0, name) > 0; next }
    inside && /^ / { n++ } END { print n + 0 }'
}

single=$(per_sample SampleSingle single)
three=$(per_sample SampleThree three)
code=$(static_count "Metrology_MetrologyCore__OnSample>")
holds=$(awk -v v="$single" 'BEGIN { print (v <= 130 * 1.02) ? "true" : "false" }')

if [ "${1:-}" = --json ]; then
  printf '{"bench":"metrology-instructions","figures":['
  printf '{"name":"single-phase","value":%s,"unit":"instructions/sample","limit":130,"holds":%s},' "$single" "$holds"
  printf '{"name":"three-phase","value":%s,"unit":"instructions/sample","limit":null,"holds":true},' "$three"
  printf '{"name":"single-phase-static","value":%s,"unit":"instructions","limit":null,"holds":true}]}\n' "$code"
else
  echo "single phase: $single instructions per sample (limit 130), $code in the method"
  echo "three phases: $three instructions per sample"
fi
[ "$holds" = true ]
