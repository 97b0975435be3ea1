#!/bin/sh
# Makes .venv hold exactly the packages of the lock files, each checked by its hash, and this project itself.
set -eu
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0
say() { echo "make: $*" >&2; }

# In a subshell: pip shall not see what uv is told.
by_uv() (
    settings=$(.venv/bin/python scripts/uv_settings.py) && eval "$settings"
    # bytecode as pip makes it: without it, and where Python may write none, each command compiles TensorFlow anew (10 s)
    "$uv" pip sync --quiet --python .venv/bin/python --compile-bytecode --require-hashes "$@" &&
        "$uv" pip install --quiet --python .venv/bin/python --no-deps -e .
)

by_pip() {
    for lock; do shift; set -- "$@" -r "$lock"; done
    .venv/bin/python -m pip install --quiet --require-hashes "$@" &&
        .venv/bin/python -m pip install --quiet --no-deps -e .
}

say "installing $* into .venv"
uv=.venv/bin/uv
[ -x $uv ] || uv=$(command -v uv) || uv=
if [ -n "$uv" ]; then
    by_uv "$@" && exit
    say "uv can't install $*, it says why above; going on with pip, which is slower"
fi
by_pip "$@" || { say "pip can't install $*, it says why above"; exit 1; }
