#!/bin/sh
# Fuzzes the reader of device code with libFuzzer (Debian: clang), with the address and undefined-behaviour sanitizers on.
# usage: probe/fuzz/run.sh SECONDS [FOLDER]    FOLDER: where the growing corpus and findings go; .lab/fuzz unless told
# Inputs that found something new go into FOLDER/corpus; probe/fuzz/corpus is a small set of them, kept with the sources.
set -eu
[ $# -ge 1 ] || { sed -n '3p' "$0" >&2; exit 2; }
seconds=$1
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${2-$here/../.lab/fuzz}
command -v clang >/dev/null || { echo 'probe/fuzz/run.sh: clang is missing: apt-get install clang' >&2; exit 4; }
mkdir -p "$folder/corpus" "$folder/found"
folder=$(cd "$folder" && pwd)
cd "$here"
# shellcheck disable=SC2046
clang -std=c11 -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Wall -Wextra \
    -o "$folder/fuzz" $(cat fuzz/sources.txt)
exec nice -n 15 "$folder/fuzz" -max_total_time="$seconds" -max_len=16384 -timeout=120 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$folder/found/" "$folder/corpus" fuzz/corpus
