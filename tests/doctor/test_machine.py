"""Python, cores, memory."""

import sys
from pathlib import Path

import pytest

from weldspot.doctor import machine


def test_this_machine_runs_these_tests() -> None:
    findings = {finding.topic: finding for finding in machine.examine()}
    assert list(findings) == ["Python", "CPU", "Memory"]
    assert findings["Python"].mark == "ok"
    assert sys.executable in findings["Python"].found


@pytest.mark.parametrize(("version", "mark"), [((3, 10, 1), "warning"), ((3, 11, 0), "ok"), ((3, 99, 0), "warning")])
def test_a_python_that_the_package_does_not_name_is_said(version: tuple[int, ...], mark: str) -> None:
    found = machine.python(version)
    assert found.mark == mark
    assert not found.stops


def test_a_number_of_workers_that_is_none_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "many")
    assert machine.cores().stops
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    assert machine.cores().mark == "ok"


def test_a_container_has_what_it_is_allowed(tmp_path: Path) -> None:
    free, whole = machine.gigabytes(tmp_path)
    assert 0 < free <= whole
    (tmp_path / "memory.current").write_text("300000000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.gigabytes(tmp_path)[1] == whole
    (tmp_path / "memory.max").write_text("500000000\n")
    assert machine.gigabytes(tmp_path) == (0.2, 0.5)


def test_little_memory_is_a_warning() -> None:
    assert machine.memory(machine.ENOUGH_GB + 1, 8).mark == "ok"
    found = machine.memory(machine.ENOUGH_GB / 2, 8)
    assert found.mark == "warning"
    assert found.cure
