#!/bin/sh
# Installs the locked Node packages of each folder given, where they are not there yet.
set -eu
for folder in "$@"; do
    if ! [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        echo "make: installing the Node packages of $folder" >&2
        npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    fi
done
