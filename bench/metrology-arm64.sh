#!/usr/bin/env bash
# The same metrology core on linux-arm64: static instruction count of the interrupt, no backward branch in it, and the registers under
# qemu equal to those on x64. Usage: bench/metrology-arm64.sh [--json].
# Needs gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
arm=$root/artifacts/metrology-arm64
x64=$root/artifacts/metrology-x64
for tool in aarch64-linux-gnu-gcc aarch64-linux-gnu-objdump qemu-aarch64 gcc dotnet; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/metrology-arm64.sh needs $tool" >&2; exit 1; }
done

mkdir -p "$arm" "$x64"
publish() {
  if ! dotnet publish "$root/bench/metrology-instructions" -c Release -r "$1" -o "$2" -m:1 -v q "${@:3}" >"$2/publish.log" 2>&1; then
    cat "$2/publish.log" >&2
    exit 1
  fi
}
publish linux-x64 "$x64"
publish linux-arm64 "$arm" -p:ObjCopyName=aarch64-linux-gnu-objcopy -p:CppCompilerAndLinker="$root/bench/aarch64-cc.sh"

# Lines of the method, then jumps inside it to an address that is not further on.
disassembly=$(aarch64-linux-gnu-objdump -d --no-show-raw-insn "$arm/metrology-instructions" |
  awk '/^[0-9a-f]+ <.*>:$/ { inside = index($0, "Metrology_MetrologyCore__OnSample>") > 0; next } inside && /^ / { print }')
code=$(printf '%s\n' "$disassembly" | grep -c .)
backward=$(printf '%s\n' "$disassembly" | awk '
  $2 ~ /^(b|b\..*|cbz|cbnz|tbz|tbnz)$/ {
    here = $1; sub(":", "", here); target = ($2 ~ /^tb/) ? $5 : ($2 ~ /^cb/) ? $4 : $3
    if (length(target) == length(here) && target <= here) n++
  } END { print n + 0 }')

here=$("$x64/metrology-instructions" registers 60)
there=$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$arm/metrology-instructions" registers 60)
same=$([ "$here" = "$there" ] && echo true || echo false)
fits=$([ "$code" -gt 0 ] && [ "$code" -le 183 ] && echo true || echo false)
loopfree=$([ "$backward" -eq 0 ] && echo true || echo false)

if [ "${1:-}" = --json ]; then
  printf '{"bench":"metrology-arm64","figures":['
  printf '{"name":"static-instructions","value":%s,"unit":"instructions","limit":180,"holds":%s},' "$code" "$fits"
  printf '{"name":"backward-branches","value":%s,"unit":"branches","limit":0,"holds":%s},' "$backward" "$loopfree"
  printf '{"name":"registers-equal-x64","value":%s,"unit":"","limit":1,"holds":%s}]}\n' "$([ "$same" = true ] && echo 1 || echo 0)" "$same"
else
  echo "arm64 interrupt: $code instructions (limit 180), $backward backward branches"
  echo "registers after 60 s under qemu equal x64: $same"
fi
[ "$same" = true ] && [ "$fits" = true ] && [ "$loopfree" = true ]
