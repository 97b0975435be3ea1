"""The phone app in Chromium: client/e2e with the model of the small project."""

import shutil
import subprocess
from pathlib import Path

import pytest
from small_project import ROOT, environment


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: install Node 20 for the phone app's tests")
@pytest.mark.parametrize("script", ["build", "e2e"])
def test_passes(small_projects: Path, script: str) -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=ROOT / "client",
        env=environment() | {"WELDSPOT_PROJECT": str(small_projects / "with a phone")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
