#!/usr/bin/env bash
# Publishes the metrology harness ahead of time for one machine and prints the path of the program; does nothing when it is newer than its sources.
# Usage: bench/publish-metrology.sh linux-x64|linux-arm64. Exit status 3: a tool or a package is not to be had here.
set -eu
rid=$1
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/artifacts/metrology-$rid
program=$out/metrology-instructions
case $rid in
  linux-x64) tools="gcc dotnet"; options=() ;;
  linux-arm64)
    tools="aarch64-linux-gnu-gcc aarch64-linux-gnu-objcopy dotnet"
    options=(-p:ObjCopyName=aarch64-linux-gnu-objcopy "-p:CppCompilerAndLinker=$root/bench/aarch64-cc.sh") ;;
  *) echo "usage: bench/publish-metrology.sh linux-x64|linux-arm64" >&2; exit 2 ;;
esac
for tool in $tools; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench/publish-metrology.sh needs $tool" >&2; exit 3; }
done

mkdir -p "$out"
# One at a time: both machines' builds share the project's intermediate folder.
exec 8>"$root/artifacts/.metrology-publish.lock"
flock 8
sources() { find "$root/src/meter/Latchkey.Metrology" "$root/bench/metrology-instructions" -name obj -prune -o -name bin -prune -o -type f -name '*.cs*' -print; }
if [ -x "$program" ] && [ -z "$(sources | xargs -d '\n' -I{} find {} -newer "$program")" ] && [ ! "$root/Directory.Build.props" -nt "$program" ]; then
  echo "$program"
  exit 0
fi

if ! dotnet publish "$root/bench/metrology-instructions" -c Release -r "$rid" -o "$out" -m:1 -v q "${options[@]}" >"$out/publish.log" 2>&1; then
  grep -E 'error' "$out/publish.log" | sort -u | head -10 >&2
  grep -qE 'NU1101|NU1301' "$out/publish.log" && exit 3
  exit 1
fi
echo "$program"
