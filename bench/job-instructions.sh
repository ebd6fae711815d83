#!/usr/bin/env bash
# Instructions of every job of the meter's processor, counted by callgrind on a NativeAOT build. The counts are what the preemption model computes with.
# Usage: bench/job-instructions.sh            prints the counts
#        bench/job-instructions.sh --write    writes them to src/meter/Latchkey.Simulator/Accuracy/job-instructions.json
# Needs valgrind, binutils and gcc; exit status 3 where one is missing.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/job-instructions
for tool in valgrind objcopy gcc dotnet; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/job-instructions.sh needs $tool" >&2; exit 3; }
done
mkdir -p "$out"
if ! dotnet publish "$root/bench/job-instructions" -c Release -r linux-x64 -o "$out" -m:1 -v q >"$out/publish.log" 2>&1; then
  grep -E 'error' "$out/publish.log" | sort -u | head -20 >&2
  exit 1
fi
objcopy --strip-debug "$out/job-instructions" "$out/counted"

count_of() {
  DOTNET_GCHeapHardLimit=0x10000000 valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
    --toggle-collect='*Jobs__Do' "$out/counted" "$1" "$2" 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# The difference of two counts leaves out what happens once.
per_job() {
  local small large
  small=$(count_of "$1" "$2")
  large=$(count_of "$1" "$3")
  { [ -n "$small" ] && [ -n "$large" ] && [ "$large" -gt "$small" ]; } || { echo "no count for $1" >&2; exit 1; }
  awk -v a="$small" -v b="$large" -v n=$(($3 - $2)) 'BEGIN { printf "%.0f", (b - a) / n }'
}

result=$(
  echo '{'
  echo '  "command": "bench/job-instructions.sh --write",'
  echo '  "counted": "instructions per run, linux-x64 NativeAOT, callgrind",'
  echo '  "jobs": {'
  first=true
  while read -r job small large; do
    [ $first = true ] || echo ','
    first=false
    printf '    "%s": %s' "$job" "$(per_job "$job" "$small" "$large")"
  done <<'JOBS'
sample 8000 24000
poll 100 300
aim 2 6
frame 2 5
frame-small 2 5
token 4 12
display 10 40
tick 20 80
dlms 10 40
JOBS
  echo
  echo '  }'
  echo '}'
)
if [ "${1:-}" = --write ]; then printf '%s\n' "$result" >"$root/src/meter/Latchkey.Simulator/Accuracy/job-instructions.json"; fi
printf '%s\n' "$result"
