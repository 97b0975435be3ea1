"""The npm scripts of client/, as tests run them."""

import shutil
import subprocess

import pytest
from small_project import ROOT, environment

needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None, reason="npm is not here: install Node 20 for the phone app's tests"
)


def check(script: str, **variables: str) -> None:
    """Runs one; its output is the message when it fails."""
    done = subprocess.run(
        ["npm", "run", "--silent", *script.split()],
        cwd=ROOT / "client",
        env=environment() | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
