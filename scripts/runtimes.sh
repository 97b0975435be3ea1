#!/bin/sh
# Installs what `make bench-client` compares LiteRT.js with, where it is not there yet. Without a network the rest is measured.
set -eu
folder=client/bench/runtimes
sh scripts/npm.sh $folder || { echo "make: npm says above why the other runtimes are not here; measuring without them" >&2; exit 0; }
if ! [ $folder/python -nt $folder/requirements.txt ]; then
    echo "make: installing what writes the model as ONNX into $folder/python" >&2
    rm -rf $folder/python
    # beside .venv, not in it: nothing of the project needs it, and what it depends on is there
    python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --target $folder/python -r $folder/requirements.txt ||
        echo "make: pip says above why; measuring without onnxruntime-web" >&2
fi
