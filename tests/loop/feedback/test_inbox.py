"""What waits, what was judged, and when all of it is admitted."""

import json
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from batches import NOON, batch

from weldspot.contracts.verdict import Outcome
from weldspot.loop.feedback import inbox
from weldspot.runtime import atomic, dvc_commands
from weldspot.runtime.errors import WeldspotError
from weldspot.sources import arrival
from weldspot.workspace import Workspace


def said(outcome: Outcome) -> inbox.Judged:
    return inbox.Judged(outcome=outcome, model="ab" * 32, at="2026-05-01T12:00:00+00:00")


def test_a_verdict_covers_its_batches_and_no_later_one(workspace: Workspace) -> None:
    first = batch(workspace, 1, 2)
    inbox.record(workspace, [first], said("no-drift"))
    second = batch(workspace, 3)
    assert inbox.unjudged(workspace) == [second]
    assert sorted(inbox.sizes(inbox.waiting(workspace))) == [1, 2]
    assert inbox.admit(workspace) == [], "no drift: they wait on"


def test_drift_admits_all_that_wait_and_forgets_them(workspace: Workspace) -> None:
    old, drifted = batch(workspace, 1), batch(workspace, 2)
    inbox.record(workspace, [drifted], said("drift"))
    moved = inbox.admit(workspace)
    assert {path.name for path in moved} == {old.name, drifted.name}
    assert moved[-1].name == drifted.name, "the one with the verdict leaves last"
    assert all(path.exists() for path in moved)
    assert inbox.waiting(workspace) == []
    batch(workspace, 3)
    inbox.record(workspace, [], said("no-drift"))
    assert inbox.judged(workspace) == {}


def test_batches_arrive_as_they_are_admitted_whatever_the_collectors_clock_said(workspace: Workspace) -> None:
    now = batch(workspace, 1)
    inbox.record(workspace, [now], said("drift"))
    inbox.admit(workspace)
    slow = batch(workspace, 2, when=NOON - timedelta(days=1)), batch(workspace, 3, when=NOON - timedelta(hours=1))
    inbox.record(workspace, [slow[0]], said("drift"))
    inbox.admit(workspace)
    assert arrival.order(workspace.feedback) == [path.name for path in (now, *slow)]


def test_what_a_merge_brought_in_comes_after_what_was_there_for_good(workspace: Workspace) -> None:
    ours = batch(workspace, 1)
    inbox.record(workspace, [ours], said("drift"))
    inbox.admit(workspace)
    theirs = batch(workspace, 2, when=NOON - timedelta(days=1))
    atomic.move(theirs, workspace.feedback / theirs.name)
    assert arrival.order(workspace.feedback) == [ours.name, theirs.name]
    later = batch(workspace, 3, when=NOON - timedelta(days=2))
    inbox.record(workspace, [later], said("drift"))
    inbox.admit(workspace)
    assert arrival.order(workspace.feedback) == [ours.name, theirs.name, later.name]


def test_with_a_damaged_order_of_arrival_nothing_is_admitted(workspace: Workspace) -> None:
    path = batch(workspace, 1)
    inbox.record(workspace, [path], said("drift"))
    workspace.feedback.mkdir()
    (workspace.feedback / arrival.NAME).write_text("[")
    with pytest.raises(WeldspotError, match=r"dvc checkout data\.dvc"):
        inbox.admit(workspace)
    assert path.exists()


@pytest.mark.parametrize("calls", [0, 1, 2, 3])
def test_killed_between_two_moves_the_next_run_moves_the_rest(workspace: Workspace, calls: int) -> None:
    paths = [batch(workspace, number) for number in range(3)]
    inbox.record(workspace, paths[:1], said("drift"))
    made, real = [], atomic.move

    def move(*arguments: object) -> None:
        if len(made) == calls:
            raise KeyboardInterrupt
        made.append(real(*arguments))  # type: ignore[arg-type,func-returns-value]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "move", move)
        try:
            inbox.admit(workspace)
        except KeyboardInterrupt:
            assert calls < 3
    inbox.admit(workspace)
    assert {path.name for path in workspace.feedback.glob("*.parquet")} == {path.name for path in paths}
    assert sorted(arrival.order(workspace.feedback)) == sorted(path.name for path in paths)


def test_a_verdict_is_forgotten_with_what_it_was_about(workspace: Workspace) -> None:
    first, second = batch(workspace, 1), batch(workspace, 2)
    inbox.record(workspace, [first, second], said("drift"))
    inbox.forget(workspace, [second.name, "another.parquet"])
    assert inbox.unjudged(workspace) == [second]


def test_a_damaged_batch_and_a_damaged_memory_are_one_line_each(workspace: Workspace) -> None:
    batch(workspace, 1).write_bytes(b"not parquet")
    with pytest.raises(WeldspotError, match=r"damaged \(.*dvc checkout data\.dvc"):
        inbox.sizes(inbox.waiting(workspace))
    workspace.judged.write_text("{")
    with pytest.raises(WeldspotError, match="judges what waits anew"):
        inbox.judged(workspace)


@pytest.mark.parametrize("text", ["5", "null", "[]"])
def test_a_memory_that_is_no_object_is_one_line(workspace: Workspace, text: str) -> None:
    workspace.judged.parent.mkdir(parents=True, exist_ok=True)
    workspace.judged.write_text(text)
    with pytest.raises(WeldspotError, match=r"judged\.json: damaged \(the whole: [^\n]+\); delete it"):
        inbox.unjudged(workspace)


def test_the_real_dvc_has_its_own_reason(workspace: Workspace) -> None:
    batch(workspace, 1)
    with pytest.raises(WeldspotError, match=r"data\.dvc: not brought up to date .*the batches are safe in data/"):
        inbox.track(workspace)  # no repository here


SLOW_INGEST = """
import pathlib, time
print(sorted(path.name for path in pathlib.Path("data/feedback").glob("*.parquet")), file=open("read.txt", "w"))
pathlib.Path("reading").touch()
while not pathlib.Path("go").exists():
    time.sleep(0.02)
"""


def dvc(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / "dvc.log").open("a") as log:
        return subprocess.Popen([sys.executable, "-m", "dvc", *arguments], cwd=folder, stdout=log, stderr=log)


def test_what_is_admitted_while_dvc_reads_is_read_by_its_next_run(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real DVC, in the middle of a stage: it hashes what lies there when the stage has ended."""
    root = workspace.root
    assert dvc(root, "init", "--no-scm", "--quiet").wait() == 0
    (root / "ingest.py").write_text(SLOW_INGEST)
    command = f"{shlex.quote(sys.executable)} ingest.py"
    graph = {"stages": {"ingest": {"cmd": command, "deps": ["data/feedback"], "outs": ["read.txt"]}}}
    (root / "dvc.yaml").write_text(json.dumps(graph))
    workspace.feedback.mkdir(parents=True)
    (workspace.feedback / "old.parquet").write_bytes(b"old")
    path = batch(workspace, 1)
    inbox.record(workspace, [path], said("drift"))
    running = dvc(root, "repro", "ingest")
    while not (root / "reading").exists():
        assert running.poll() is None, (root / "dvc.log").read_text()
        time.sleep(0.05)
    with ThreadPoolExecutor(1) as pool:
        admitted = pool.submit(inbox.admit, workspace)
        time.sleep(0.5)
        assert path.exists(), "ingest is reading"
        (root / "go").touch()
        assert running.wait(60) == 0
        assert [one.name for one in admitted.result(60)] == [path.name]
    assert "gate waits for DVC, which is at work on data/feedback" in capsys.readouterr().err
    inbox.track(workspace)
    assert "ingest" in dvc_commands.stale(root), "the batch is not yet read"
