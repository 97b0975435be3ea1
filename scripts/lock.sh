#!/bin/sh
# Resolves the requirements of pyproject.toml into the three lock files. What is locked stays as it is where it still fits.
set -eu
uv=.venv/bin/uv
[ -x $uv ] || uv=$(command -v uv) || { echo "make: make lock needs uv, and pip could not install it" >&2; exit 1; }
settings=$(.venv/bin/python scripts/uv_settings.py) && eval "$settings"
unset UV_INDEX UV_FIND_LINKS  # an extra index may hold one file of a release, and a lock needs the hashes of all

# One version of each package for every Python and platform: the oldest supported Python is the one that all must run on.
compile() {
    "$uv" pip compile --quiet --python .venv/bin/python --universal --python-version 3.11 --fork-strategy fewest \
        --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
        pyproject.toml "$@"
}
compile -o requirements.lock
compile --extra dev -c requirements.lock -o requirements-dev.lock
# what both hold, JAX too, in one version: on a machine with a GPU the two are installed together
compile --extra gpu -c requirements-dev.lock -o requirements-gpu.lock
for lock in requirements.lock requirements-dev.lock requirements-gpu.lock; do
    .venv/bin/python scripts/lock_extras.py $lock
done
