# What the scripts at the root share: finding the SDK, installing Debian packages quietly, showing that work goes on.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

need_dotnet() {
  if command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return 0; fi
  {
    echo "Latchkey needs the .NET 10 SDK, and it is not on this machine."
    echo "On Debian or Ubuntu: follow https://learn.microsoft.com/dotnet/core/install/linux and install the package dotnet-sdk-10.0."
    echo "Then type the same command again."
  } >&2
  exit 1
}

# Runs a command as root when that is possible without a question; otherwise fails.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# Installs Debian packages quietly; returns 1 where that cannot be done here, and the caller says what is skipped.
install_debian() {
  command -v apt-get >/dev/null 2>&1 || return 1
  if [ ! -f /tmp/latchkey-apt-updated ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 || return 1
    touch /tmp/latchkey-apt-updated
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

# .NET formats dates and numbers of people's languages through ICU.
need_icu() {
  if ldconfig -p 2>/dev/null | grep -q libicuuc || ls /usr/lib/*/libicuuc.so* >/dev/null 2>&1; then return 0; fi
  echo "Installing libicu ..." >&2
  install_debian libicu72 || install_debian libicu76 || install_debian libicu74 || install_debian libicu70 ||
    { echo "Latchkey needs the ICU library: apt-get install libicu72 (or the version your system has)." >&2; exit 1; }
}

# Shows a growing line while a command runs; prints its duration at the end.
with_dots() {
  local title=$1 begun=$SECONDS pid status=0
  shift
  "$@" &
  pid=$!
  printf '%s ' "$title" >&2
  while kill -0 "$pid" 2>/dev/null; do
    printf '.' >&2
    sleep 2
  done
  wait "$pid" || status=$?
  printf ' %s s\n' "$((SECONDS - begun))" >&2
  return $status
}
