"""Lines that are added and never changed, and what they leave for the next verdict."""

from datetime import UTC, datetime, timedelta

import pytest

from weldspot.loop.drift.lifetime import verdict_log
from weldspot.loop.drift.lifetime.verdict_log import Line
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LINE = Line(at=NOW, model="ab" * 32, batches=["a.parquet"], outcome="no-drift", rate=0.001)


def test_lines_are_added_and_those_before_stay(workspace: Workspace) -> None:
    assert verdict_log.read(workspace) == []
    second = LINE.model_copy(update={"at": NOW + timedelta(days=7), "batches": ["b.parquet"]})
    for line in (LINE, LINE.model_copy(update={"at": NOW + timedelta(minutes=5)}), second):
        verdict_log.append(workspace, line)
    assert verdict_log.read(workspace) == [LINE, second], "a run that was killed looks at the same again"


def test_a_run_that_was_killed_is_given_the_same_again(workspace: Workspace) -> None:
    first = verdict_log.rate(workspace, ["a.parquet"], LINE.model, NOW, 10.0)
    verdict_log.append(workspace, LINE.model_copy(update={"rate": first}))
    later = NOW + timedelta(minutes=5)
    assert verdict_log.rate(workspace, ["a.parquet"], LINE.model, later, 10.0) == first
    assert verdict_log.rate(workspace, ["b.parquet"], LINE.model, later, 10.0) < first
    assert verdict_log.rate(workspace, ["a.parquet"], "cd" * 32, later, 10.0) < first


@pytest.mark.parametrize("text", ["", "{}\n", '{"at": "yesterday"}\n'])
def test_a_damaged_line_is_named(workspace: Workspace, text: str) -> None:
    workspace.verdicts.parent.mkdir()
    workspace.verdicts.write_text(text)
    with pytest.raises(WeldspotError, match=r"verdicts\.jsonl.*: damaged \([^\n]+\); restore it: `dvc checkout"):
        verdict_log.rate(workspace, [], "", NOW, 10.0)
