"""What the tests of config share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import plugin_project
import pytest
from project_copy import ROOT


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Path]:
    """A copy of conf/ with the paths it names, to compose in."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    for path in ("src/weldspot/sources/synthetic", "data/export", "plugins/sources"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "src/weldspot/sources/roboflow.py").touch()
    (tmp_path / "plugins/sources/my_source.py").touch()
    with plugin_project.opened(tmp_path / "plugins"):
        yield tmp_path
