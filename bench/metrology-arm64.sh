#!/usr/bin/env bash
# The same metrology core on linux-arm64: static instruction count of the interrupt, no backward branch in it, and the registers under
# qemu equal to those on x64. Fails when the limit of 180 is passed by more than 2 %.
# Usage: bench/metrology-arm64.sh [--json] [--method NAME]    another method of the program in place of the interrupt, to see the check fail
# Needs gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user; exit status 3 where one is missing.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
limit=180
json=false
method=Metrology_MetrologyCore__OnSample
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=true ;;
    --method) method=$2; shift ;;
    *) echo "usage: bench/metrology-arm64.sh [--json] [--method NAME]" >&2; exit 2 ;;
  esac
  shift
done
for tool in aarch64-linux-gnu-objdump qemu-aarch64; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/metrology-arm64.sh needs $tool" >&2; exit 3; }
done
x64=$("$root/bench/publish-metrology.sh" linux-x64)
arm=$("$root/bench/publish-metrology.sh" linux-arm64)

# Lines of the method, then jumps inside it to an address that is not further on.
disassembly=$(aarch64-linux-gnu-objdump -d --no-show-raw-insn "$arm" |
  awk -v name="$method>" '/^[0-9a-f]+ <.*>:$/ { inside = index($0, name) > 0; next } inside && /^ / { print }')
code=$(printf '%s\n' "$disassembly" | grep -c . || true)
backward=$(printf '%s\n' "$disassembly" | awk '
  $2 ~ /^(b|b\..*|cbz|cbnz|tbz|tbnz)$/ {
    here = $1; sub(":", "", here); target = ($2 ~ /^tb/) ? $5 : ($2 ~ /^cb/) ? $4 : $3
    if (length(target) == length(here) && target <= here) n++
  } END { print n + 0 }')

here=$("$x64" registers 60)
there=$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$arm" registers 60)
same=$([ "$here" = "$there" ] && echo true || echo false)
fits=$(awk -v v="$code" -v limit=$limit 'BEGIN { print (v > 0 && v <= limit * 1.02) ? "true" : "false" }')
loopfree=$([ "$backward" -eq 0 ] && echo true || echo false)

if [ "$json" = true ]; then
  printf '{"bench":"metrology-arm64","figures":['
  printf '{"name":"static-instructions","value":%s,"unit":"instructions","limit":%s,"holds":%s},' "$code" $limit "$fits"
  printf '{"name":"backward-branches","value":%s,"unit":"branches","limit":0,"holds":%s},' "$backward" "$loopfree"
  printf '{"name":"registers-equal-x64","value":%s,"unit":"","limit":1,"holds":%s}]}\n' "$([ "$same" = true ] && echo 1 || echo 0)" "$same"
else
  echo "arm64 interrupt: $code instructions (limit $limit), $backward backward branches"
  echo "registers after 60 s under qemu equal x64: $same"
fi
[ "$same" = true ] && [ "$fits" = true ] && [ "$loopfree" = true ]
