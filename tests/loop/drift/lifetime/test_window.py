"""What is judged together with new batches."""

from datetime import timedelta
from pathlib import Path

from batches import NOON, batch

from weldspot.contracts.verdict import Outcome
from weldspot.loop.drift.lifetime import window
from weldspot.loop.feedback import inbox
from weldspot.workspace import Workspace

MODEL = "ab" * 32


def judged(workspace: Workspace, week: int, outcome: Outcome = "no-drift", model: str = MODEL) -> Path:
    path = batch(workspace, week, when=NOON + timedelta(days=7 * week))
    said = inbox.Judged(outcome=outcome, model=model, at=(NOON + timedelta(days=7 * week)).isoformat())
    inbox.record(workspace, [path], said)
    return path


def test_the_last_verdicts_and_no_more(workspace: Workspace) -> None:
    paths = [judged(workspace, week) for week in range(5)]
    batch(workspace, 9, when=NOON + timedelta(days=99))  # new
    assert window.earlier(workspace, MODEL, 3) == paths[-3:]
    assert window.earlier(workspace, MODEL, 0) == []
    assert window.earlier(workspace, MODEL, 50) == paths


def test_only_what_this_model_found_nothing_in_and_still_waits(workspace: Workspace) -> None:
    paths = [judged(workspace, 0), judged(workspace, 1, model="cd" * 32), judged(workspace, 2)]
    assert window.earlier(workspace, MODEL, 5) == [paths[0], paths[2]]
    paths[2].unlink()
    assert window.earlier(workspace, MODEL, 5) == [paths[0]]
    judged(workspace, 3, "drift")
    assert window.earlier(workspace, MODEL, 5) == [paths[0]]
