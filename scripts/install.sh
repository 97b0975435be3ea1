#!/bin/sh
# Makes .venv hold exactly the packages of the lock file $1, each checked by its hash, and this project itself.
set -eu
echo "make: installing $1 into .venv" >&2
if [ -x .venv/bin/uv ]; then
    # bytecode as pip makes it: without it, and where Python may write none, each command compiles TensorFlow anew (10 s)
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode --require-hashes "$1"
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps -e .
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
fi
