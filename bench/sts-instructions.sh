#!/usr/bin/env bash
# Instructions per STS token on a NativeAOT build, counted by callgrind: the same from run to run, whatever else the machine does.
# Usage: bench/sts-instructions.sh [--json]. Needs valgrind, binutils and gcc.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/sts-instructions
for tool in valgrind objcopy gcc dotnet; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/sts-instructions.sh needs $tool" >&2; exit 1; }
done

mkdir -p "$out"
if ! dotnet publish "$root/bench/sts-instructions" -c Release -r linux-x64 -o "$out" -m:1 -v q >"$out/publish.log" 2>&1; then
  cat "$out/publish.log" >&2
  exit 1
fi
# valgrind does not read all of the compiler's debug sections; the symbol table is enough.
objcopy --strip-debug "$out/sts-instructions" "$out/sts-instructions.counted"

count_of() {
  DOTNET_GCHeapHardLimit=0x4000000 valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
    --toggle-collect="*StsWorkload__$2" "$out/sts-instructions.counted" "$1" "$2" "$3" 2>&1 >/dev/null |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

lines=()
for algorithm in EA07 EA11; do
  for method in EncodeMany DecodeMany DeriveAndEncodeMany DeriveAndDecodeMany; do
    # The difference of two counts leaves out what happens once.
    small=$(count_of "$algorithm" "$method" 1000)
    large=$(count_of "$algorithm" "$method" 3000)
    { [ -n "$small" ] && [ -n "$large" ] && [ "$large" -gt "$small" ]; } || { echo "no count for $algorithm $method" >&2; exit 1; }
    lines+=("$algorithm $method $(((large - small) / 2000))")
  done
done

if [ "${1:-}" = --json ]; then
  printf '{"bench":"sts-instructions","figures":['
  separator=
  for line in "${lines[@]}"; do
    read -r algorithm method value <<<"$line"
    printf '%s{"name":"%s %s","value":%s,"unit":"instructions/token","limit":null,"holds":true}' "$separator" "$algorithm" "$method" "$value"
    separator=,
  done
  printf ']}\n'
else
  printf '%-6s %-22s %s instructions/token\n' $(printf '%s ' "${lines[@]}")
fi
