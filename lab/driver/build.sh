#!/bin/sh
# Builds the simulated driver into a folder, for this machine's architecture or the one named.
set -eu
export LC_ALL=C

if [ "$#" -lt 1 ] || [ "$#" -gt 2 ]; then
    echo 'usage: lab/driver/build.sh OUTDIR [x86_64|aarch64]' >&2
    exit 3
fi
out=$1
target=${2-$(uname -m)}
case $target in
x86_64) version=GLIBC_2.2.5 package='gcc binutils' ;;
aarch64) version=GLIBC_2.17 package='gcc-aarch64-linux-gnu' ;;
*)
    echo "lab/driver/build.sh: unknown architecture: $target; x86_64 and aarch64 are known" >&2
    exit 3
    ;;
esac
gcc=$target-linux-gnu-gcc
if ! command -v "$gcc" >/dev/null 2>&1; then
    echo "lab/driver/build.sh: $gcc is missing: apt-get install --no-install-recommends $package" >&2
    exit 4
fi

here=$(cd "$(dirname "$0")" && pwd)
probe=$here/../../probe
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for soname in libc.so.6 libdl.so.2; do
    "$probe/abi/stub-library.sh" "$gcc" $soname $version "$here/imports.txt" "$work"
done

flags="-std=c11 -O2 -ffreestanding -fno-stack-protector -U_FORTIFY_SOURCE -fvisibility=hidden -ffp-contract=off
    -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -Wall -Wextra -Werror -nostdlib -s
    -I$probe -Wl,--gc-sections,--build-id=none,-z,noexecstack"
shared="$here/config.c $here/place.c $probe/sys.c $probe/text.c $probe/files.c"

# Written beside and renamed: a library that a running container has mounted must not change under it.
library() { # soname, sources
    soname=$1
    shift
    # shellcheck disable=SC2086 # the flags and sources are lists of words
    "$gcc" $flags -fPIC -shared -ffunction-sections -fdata-sections -Wl,-soname,"$soname",--no-undefined,--as-needed \
        -o "$out/.$soname" "$@" $shared "$work/libc.so.6" "$work/libdl.so.2"
    mv "$out/.$soname" "$out/$soname"
}

library libcuda.so.1 "$here/cuda.c" "$here/ptx.c" "$here/errors.c"
library libnvidia-ml.so.1 "$here/nvml.c" "$here/nvml_errors.c"
for soname in libcudart.so.11.0 libcudart.so.12 libcudart.so.13; do
    library $soname "$here/cudart.c" "$here/errors.c"
done
for soname in libcudnn.so.8 libcudnn.so.9; do
    library $soname "$here/cudnn.c"
done
# shellcheck disable=SC2086
"$gcc" $flags -static -fno-pie -no-pie -ffunction-sections -fdata-sections -o "$out/.nvidia-smi" \
    "$here/smi.c" "$here/smi_start.c" "$here/smi_out.c" "$here/smi_table.c" "$here/smi_xml.c" "$here/smi_query.c" \
    "$here/nvml_errors.c" "$here/config.c" "$probe/sys.c" "$probe/text.c" "$probe/files.c"
mv "$out/.nvidia-smi" "$out/nvidia-smi"
