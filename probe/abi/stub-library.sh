#!/bin/sh
# Makes a library with nothing in it but the names to be imported from it, bound to one symbol version. Linking against
# it, instead of against the build machine's own libc, binds a program to the oldest ABI of glibc.
# usage: stub-library.sh COMPILER SONAME SYMBOL-VERSION IMPORTS-FILE FOLDER
set -eu
names=$(sed -n "s/^$2 //p" "$4")
for name in $names; do echo "void $name(void) {}"; done >"$5/stub.c"
{
    echo "$3 { global:"
    for name in $names; do echo "$name;"; done
    echo 'local: *; };'
} >"$5/stub.map"
"$1" -shared -nostdlib -fPIC -fno-builtin -w -Wl,-soname,"$2" -Wl,--version-script="$5/stub.map" -o "$5/$2" "$5/stub.c"
