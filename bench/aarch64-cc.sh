#!/usr/bin/env bash
# Debian's cross gcc in place of clang: the two options that it does not know are left out.
args=()
for a in "$@"; do
  case $a in --target=* | -gz=zlib) ;; *) args+=("$a") ;; esac
done
exec aarch64-linux-gnu-gcc "${args[@]}"
