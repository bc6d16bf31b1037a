#!/bin/sh
# Compiles the BPF object: build.sh OUTPUT. Does nothing when the object is newer than its sources.
# The object is the same for x86-64 and arm64: it holds no register layout and finds kernel offsets when it is loaded.
set -eu
out=$1
src=$(dirname "$0")

if [ -f "$out" ] && [ -z "$(find "$src" -type f -newer "$out")" ]; then
    exit 0
fi
missing=
command -v clang >/dev/null || missing="$missing clang"
command -v llvm-strip >/dev/null || missing="$missing llvm"
[ -f /usr/include/bpf/bpf_helpers.h ] || missing="$missing libbpf-dev"
[ -f /usr/include/linux/bpf.h ] || missing="$missing linux-libc-dev"
if [ -n "$missing" ]; then
    echo "the kernel programs can't be compiled; install what is missing:" >&2
    echo "    apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
mkdir -p "$(dirname "$out")"
clang -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter \
    "-I/usr/include/$(uname -m)-linux-gnu" -ffile-prefix-map="$src=." \
    -c "$src/guardian.bpf.c" -o "$out.tmp"
llvm-strip -g "$out.tmp"
mv "$out.tmp" "$out"
