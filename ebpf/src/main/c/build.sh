#!/bin/sh
# Compiles the BPF objects: build.sh OUTPUT. Does nothing when they are newer than their sources. Beside OUTPUT, NAME.bpf.o,
# come NAME-before-5.12.bpf.o, for kernels without an atomic addition that returns the old value, and probe.bpf.o.
# The object is the same for x86-64 and arm64: it holds no register layout and finds kernel offsets when it is loaded.
set -eu
out=$1
src=$(dirname "$0")

old=${out%.bpf.o}-before-5.12.bpf.o

if [ -f "$out" ] && [ -f "$old" ] && [ -z "$(find "$src" -type f -newer "$out")" ]; then
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

compile() { # SOURCE OUTPUT OPTION...
    from=$1
    to=$2
    shift 2
    clang -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter "$@" \
        "-I/usr/include/$(uname -m)-linux-gnu" -ffile-prefix-map="$src=." \
        -c "$src/$from" -o "$to.tmp"
    llvm-strip -g "$to.tmp"
    mv "$to.tmp" "$to"
}

compile guardian.bpf.c "$old" -DBEFORE_5_12
compile probe.bpf.c "$(dirname "$out")/probe.bpf.o"
compile guardian.bpf.c "$out"
