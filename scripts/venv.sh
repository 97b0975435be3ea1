#!/bin/sh
# Makes .venv with Python 3.11 or 3.12 and, when it can be had, the quick installer.
set -eu
for python in python3.11 python3.12 python3; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null; then
        "$python" -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1' ||
            echo "make: uv can't be installed; going on with pip, which is slower" >&2
        exit 0
    fi
done
echo "make: WeldSpot needs Python 3.11 or 3.12 with venv on the PATH; install one and run make again" >&2
exit 1
