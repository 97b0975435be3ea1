"""The phone app without a browser: types, format, unit tests. With one: test_phone.py."""

import shutil
import subprocess
from pathlib import Path

import pytest

CLIENT = Path(__file__).resolve().parents[1] / "client"


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: install Node 20 for the phone app's tests")
@pytest.mark.parametrize("script", ["check", "test"])
def test_passes(script: str) -> None:
    done = subprocess.run(["npm", "run", "--silent", script], cwd=CLIENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
