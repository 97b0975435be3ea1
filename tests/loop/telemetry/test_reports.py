"""Reports in the spool and in the data: each once, lines are only added."""

import time

import pytest
from counted import A, B, report

from weldspot.loop.telemetry import reports
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_a_report_is_stored_once(workspace: Workspace) -> None:
    assert reports.put(workspace.spool, report(1))
    assert not reports.put(workspace.spool, report(1, corrections=3))
    assert reports.put(workspace.spool, report(2))
    assert reports.stored_since(workspace.spool, time.time() - 60) == 2
    assert reports.stored_since(workspace.spool, time.time() + 60) == 0


def test_lines_are_added_and_read_in_order(workspace: Workspace) -> None:
    assert list(reports.read(workspace)) == []
    first = [report(1), report(2, challenger=B, lot="challenger", model=B)]
    reports.append(workspace, first)
    reports.append(workspace, [])
    reports.append(workspace, [report(3, challenger=A)])
    assert list(reports.read(workspace)) == [*first, report(3, challenger=A)]
    assert list(reports.read(workspace, B)) == [first[1]]
    assert reports.known(workspace) == {report(number).id for number in (1, 2, 3)}


@pytest.mark.parametrize("text", ["{", "[]\n", "null\n", '{"id": 5}\n'])
def test_a_damaged_line_is_named(workspace: Workspace, text: str) -> None:
    reports.append(workspace, [report(1)])
    (path,) = workspace.telemetry.iterdir()
    path.write_text(path.read_text() + text)
    with pytest.raises(WeldspotError, match=r"jsonl:2: damaged \([^\n]+\); restore it: `dvc checkout"):
        list(reports.read(workspace))
