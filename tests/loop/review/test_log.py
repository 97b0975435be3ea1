"""Decisions are added, undone, never taken away; two on one correction don't collide."""

import pytest
from reviews import decided

from weldspot.loop.review.log import Log, Taken, decision
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_they_hold_until_they_are_undone_and_all_stay_written(workspace: Workspace) -> None:
    log = Log(workspace)
    assert log.last() == {}
    decided(log, "a")
    decided(log, "b", "reject")
    decided(log, "a", "undo")
    decided(log, "a", "change")
    assert {key: entry.decision for key, entry in log.last().items()} == {"a": "change", "b": "reject"}
    assert [(entry.upload, entry.number, entry.decision) for entry in Log(workspace).all()] == [
        ("a", 0, "accept"), ("b", 0, "reject"), ("a", 1, "undo"), ("a", 2, "change"),
    ]  # fmt: skip
    (path,) = workspace.reviews.glob("*")
    assert len(path.read_text().splitlines()) == 4


def test_who_has_not_seen_the_last_decision_is_told_whose_it_is(workspace: Workspace) -> None:
    ritas, toms = Log(workspace), Log(workspace)
    labels = ["Crack"], ["Crack"]
    late = decision(toms, "a", "anna", "reject", "tom", labels, "blurred", seen=0)
    decided(ritas, "a")
    with pytest.raises(Taken, match="rita has decided on it meanwhile: accept") as caught:
        toms.add([late])
    assert caught.value.last.by == "rita"
    assert len(toms.all()) == 1


def test_all_or_none_are_written(workspace: Workspace) -> None:
    log = Log(workspace)
    decided(log, "b")
    labels = ["Crack"], ["Crack"]
    with pytest.raises(Taken):
        log.add(
            [decision(log, "a", "x", "accept", "tom", labels), decision(log, "b", "x", "accept", "tom", labels, seen=0)]
        )
    assert set(log.last()) == {"b"}


def test_what_was_not_decided_can_not_be_undone(workspace: Workspace) -> None:
    log = Log(workspace)
    with pytest.raises(WeldspotError, match="no decision to undo"):
        decided(log, "a", "undo")
    decided(log, "a")
    decided(log, "a", "undo")
    with pytest.raises(WeldspotError, match="no decision to undo"):
        decided(log, "a", "undo")


def test_a_damaged_line_is_one_line_with_its_number(workspace: Workspace) -> None:
    decided(Log(workspace), "a")
    (path,) = workspace.reviews.glob("*")
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(WeldspotError, match=r"\.jsonl:2: damaged \(upload: Field required\); restore it"):
        Log(workspace).all()
