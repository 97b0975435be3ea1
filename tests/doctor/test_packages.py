"""Packages against what is named, tools against the PATH."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from weldspot.doctor import packages


def test_what_is_installed_is_counted_and_what_is_for_others_is_not() -> None:
    found = packages.packages(["packaging>=1", "nothing-of-this-name; sys_platform == 'none'", "x; extra == 'dev'"])
    assert found.mark == "ok"
    assert "the 1 packages" in found.found


def test_what_is_absent_or_of_another_version_is_named() -> None:
    found = packages.packages(["packaging<1", "nothing-of-this-name>=2", *(f"no-{letter}" for letter in "abcd")])
    assert found.stops
    assert f"packaging {version('packaging')} is not <1" in found.found
    assert "nothing-of-this-name is not installed" in found.found
    assert "and 2 more" in found.found
    assert "pip install" in found.cure


def test_tools_are_looked_for_on_the_path_of_whoever_types(tmp_path: Path) -> None:
    found = packages.tools(str(tmp_path))
    assert found.stops
    assert "dvc and weldspot" in found.found
    assert str(Path(sys.executable).parent) in found.cure
    for tool in ("dvc", "weldspot"):
        (tmp_path / tool).write_text("#!/bin/sh\n")
        (tmp_path / tool).chmod(0o755)
    found = packages.tools(str(tmp_path))
    assert (found.mark, found.stops) == ("warning", False)
    assert str(tmp_path / "weldspot") in found.found


def test_the_folder_that_our_command_line_puts_first_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/nowhere")
    lines = {finding.topic: finding for finding in packages.examine()}
    assert "not on the PATH" in lines["Commands"].found


@pytest.mark.parametrize(("backend", "stops"), [("tensorflow", False), ("torch", True), ("", True)])
def test_the_backend_is_one_that_trains(backend: str, stops: bool) -> None:
    assert packages.keras(backend).stops == stops
