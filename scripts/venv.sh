#!/bin/sh
# Makes .venv with a Python that pyproject.toml allows, or with one that uv brings, and puts uv into it where it can be had.
set -eu
supported="3.11, 3.12 or 3.13"
allowed='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
wanted='uv>=0.9,<1'
disown='import pathlib; at = pathlib.Path(".venv/pyvenv.cfg"); lines = at.read_text().splitlines(keepends=True)
at.write_text("".join(line for line in lines if not line.startswith("uv = ")))'
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0  # a machine's pip.conf may say --user, which no venv allows
PATH=${PATH#"$PWD/.venv/bin:"}                     # make puts it first; what an interrupted set-up left is no Python
say() { echo "make: $*" >&2; }

of_this_machine() {
    for python in python3.11 python3.12 python3.13 python3 python; do
        if "$python" -c "$allowed" 2>/dev/null; then "$python" -m venv --clear .venv && return; fi
    done
    return 1
}

# Sets $other to a Python that is not supported and has pip: good enough to tell what pip is told, and to get uv.
find_pip() {
    for other in python3 python3.14 python3.15 python; do
        if "$other" -m pip --version > /dev/null 2>&1; then return; fi
    done
    other=
}

# Sets $uv to the one on the PATH, or to one that pip gets for this once.
find_uv() {
    uv=$(command -v uv) && return
    [ -n "$other" ] && "$other" -m pip install --quiet --target "$once" "$wanted" && uv=$once/bin/uv
}

# uv takes a Python of this machine that has no venv of its own, else it downloads one: pyproject.toml says which will do.
brought_by_uv() {
    say "no Python $supported with venv is on the PATH; uv looks further, and downloads one if it must"
    if ! "$uv" venv --quiet --clear .venv 2> /dev/null; then
        ( [ -z "$other" ] || { settings=$("$other" scripts/uv_settings.py) && eval "$settings"; }
          exec "$uv" venv --quiet --clear .venv ) || return
    fi
    # of a folder that says uv made it, `uv pip sync` would throw out pip and uv, which no lock file names
    .venv/bin/python -c "$disown" || return
    .venv/bin/python -m ensurepip --default-pip > /dev/null 2>&1 || "$uv" pip install --quiet --python .venv/bin/python pip
}

once=$(mktemp -d)
trap 'rm -rf "$once"' EXIT
if ! of_this_machine; then
    find_pip
    if ! find_uv; then
        say "WeldSpot needs Python $supported with venv on the PATH, or uv, which brings one; install either and run make again"
        exit 1
    elif ! brought_by_uv; then
        say "uv could not bring a Python, it says why above; install Python $supported and run make again"
        exit 1
    fi
fi
.venv/bin/python -m pip install --quiet "$wanted" ||
    say "pip can't install uv, it says why above; going on without, which is slower"
