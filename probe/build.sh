#!/bin/sh
# Builds the probe for both architectures into dist/probe, or with --check builds it elsewhere and compares the bytes.
set -eu
export LC_ALL=C

usage() {
    echo 'usage: probe/build.sh [--check | --compilers]' >&2
    echo '  (nothing)         builds dist/probe/cuda-image-probe-linux-{x64,arm64}, SHA256SUMS and COMPILERS' >&2
    echo '  --check           builds them in a temporary folder and compares every byte' >&2
    echo '  --compilers       prints the compilers found here, as dist/probe/COMPILERS has those that built it' >&2
    exit 3
}

here=$(cd "$(dirname "$0")" && pwd)
dist=$here/../dist/probe

need() { # program, Debian package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

find_tools() {
    missing=
    need x86_64-linux-gnu-gcc gcc
    need x86_64-linux-gnu-strip binutils
    need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
    need aarch64-linux-gnu-strip binutils-aarch64-linux-gnu
    need sha256sum coreutils
    if [ -n "$missing" ]; then
        echo "probe/build.sh: missing Debian packages:$missing" >&2
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 4
    fi
}

compilers() {
    for target in x86_64 aarch64; do
        "$target-linux-gnu-gcc" --version | head -n 1
        "$target-linux-gnu-ld" --version | head -n 1 | sed "s/^/$target-linux-gnu-ld: /"
    done
}

build() { # target, symbol version, page size, relro or norelro, output
    gcc=$1-linux-gnu-gcc
    stubs=$(mktemp -d "$work/stubs.XXXXXX")
    for soname in libc.so.6 libdl.so.2; do
        "$here/abi/stub-library.sh" "$gcc" $soname "$2" "$here/abi/imports.txt" "$stubs"
    done
    # Sources by relative name and in a fixed order, no build id, nothing stamped: the bytes depend on the compiler alone.
    (cd "$here" && "$gcc" -std=c11 -Os -fPIE -pie -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE \
        -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-ident -ffunction-sections -fdata-sections \
        -fno-tree-loop-distribute-patterns \
        -fvisibility=hidden -Wall -Wextra -Werror -nostartfiles -nodefaultlibs \
        -Wl,--gc-sections,--build-id=none,--hash-style=both,--as-needed,--no-undefined \
        -Wl,-z,"$4",-z,now,-z,noexecstack,-z,max-page-size="$3",-z,common-page-size="$3" \
        -o "$5" *.c "$stubs/libc.so.6" "$stubs/libdl.so.2")
    "$1-linux-gnu-strip" --strip-all --remove-section=.comment --remove-section=.note.gnu.property "$5"
    chmod 755 "$5"
}

build_all() { # folder
    mkdir -p "$1"
    build x86_64 GLIBC_2.2.5 4096 relro "$1/cuda-image-probe-linux-x64"
    # Grace and other machines run kernels with pages of 64 KiB. The part that is to be read-only after loading would begin on such
    # a page in the file as well, which adds up to 64 KiB of nothing.
    build aarch64 GLIBC_2.17 65536 norelro "$1/cuda-image-probe-linux-arm64"
    (cd "$1" && sha256sum cuda-image-probe-linux-arm64 cuda-image-probe-linux-x64 >SHA256SUMS)
    compilers >"$1/COMPILERS"
    for binary in "$1"/cuda-image-probe-linux-*; do
        bytes=$(wc -c <"$binary")
        if [ "$bytes" -gt 163840 ]; then
            echo "probe/build.sh: $binary has $bytes bytes; 163840 are allowed" >&2
            exit 1
        fi
    done
}

check() {
    if ! (cd "$dist" && sha256sum --quiet -c SHA256SUMS); then
        echo 'probe/build.sh: dist/probe/SHA256SUMS does not fit the binaries beside it' >&2
        exit 1
    fi
    build_all "$work/built"
    same=yes
    if ! cmp -s "$dist/COMPILERS" "$work/built/COMPILERS"; then
        echo 'probe/build.sh: these compilers are not the ones that built dist/probe (< committed, > here):' >&2
        diff "$dist/COMPILERS" "$work/built/COMPILERS" >&2 || true
        same=
    fi
    for name in cuda-image-probe-linux-x64 cuda-image-probe-linux-arm64; do
        if cmp -s "$dist/$name" "$work/built/$name"; then
            echo "dist/probe/$name: the same bytes"
        elif [ "$same" ]; then
            echo "probe/build.sh: dist/probe/$name is not what probe/ builds; run probe/build.sh and commit it" >&2
            differs=yes
        else
            echo "probe/build.sh: dist/probe/$name differs, and so do the compilers: build on Debian 12" >&2
            differs=yes
        fi
    done
    test -z "${differs-}"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

case "$#:${1-}" in
0:)
    find_tools
    build_all "$dist"
    (cd "$dist" && wc -c cuda-image-probe-linux-* | head -n 2)
    ;;
1:--check)
    find_tools
    check
    ;;
1:--compilers)
    find_tools
    compilers
    ;;
*) usage ;;
esac
