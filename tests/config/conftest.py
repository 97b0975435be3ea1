"""What the tests of config share."""

import shutil
from pathlib import Path

import pytest
from project_copy import ROOT


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A copy of conf/ with the paths it names, to compose in."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    for path in ("src/weldspot/sources/synthetic", "data/export"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "src/weldspot/sources/roboflow.py").touch()
    return tmp_path
