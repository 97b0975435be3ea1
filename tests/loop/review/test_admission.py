"""What drift admits of what waits: whole batches, or the part that reviewers and policy let in; nothing is lost."""

from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from batches import NOON, batch
from reviews import decided
from uploads import upload

from weldspot.config import parameters
from weldspot.config.sections.loop import Loop
from weldspot.loop.feedback import feedback_batches, inbox
from weldspot.loop.review import admission
from weldspot.loop.review.log import Log
from weldspot.runtime import atomic
from weldspot.sources import arrival
from weldspot.workspace import Workspace

DRIFT = inbox.Judged(outcome="drift", model="ab" * 32, at="2026-05-01T12:00:00+00:00")


def section(workspace: Workspace, **changes: object) -> Loop:
    return parameters.load(workspace.params).loop.model_copy(update=changes)


def keys(folder) -> list[str]:
    return sorted(name for path in folder.glob("*.parquet") for name in feedback_batches.origins(path))


def names(*numbers: int) -> list[str]:
    return sorted(upload(number)[0] for number in numbers)


def test_on_one_s_own_machine_all_goes_as_it_is(workspace: Workspace) -> None:
    inbox.record(workspace, [batch(workspace, 1, 2)], DRIFT)
    found = admission.admit(workspace, section(workspace))
    assert (found.admitted, found.waiting, len(found.moved)) == (2, 0, 1)
    assert keys(workspace.feedback) == names(1, 2)


def test_what_came_over_the_network_waits_for_a_reviewer_whatever_the_verdict(workspace: Workspace) -> None:
    path = batch(workspace, *range(1, 7), via="network")
    own = batch(workspace, 8)
    before = path.read_bytes()
    inbox.record(workspace, [path], DRIFT)
    found = admission.admit(workspace, section(workspace))
    assert (found.admitted, found.waiting, found.refused) == (1, 6, 0)
    assert keys(workspace.feedback) == names(8)
    assert path.read_bytes() == before
    assert not own.exists()
    assert admission.pending(workspace, section(workspace)) == 6
    again = admission.admit(workspace, section(workspace))
    assert (again.moved, again.waiting) == ([], 6)


def test_the_reviewed_part_goes_with_the_reviewers_labels_and_the_refused_is_kept_apart(workspace: Workspace) -> None:
    path = batch(workspace, *range(1, 7), via="network")
    inbox.record(workspace, [path], DRIFT)
    log = Log(workspace)
    decided(log, upload(1)[0])
    decided(log, upload(2)[0], "change", after=["Porosity"])
    decided(log, upload(3)[0], "reject")
    found = admission.admit(workspace, section(workspace))
    assert (found.admitted, found.refused, found.waiting) == (2, 1, 3)
    assert keys(workspace.feedback) == names(1, 2)
    assert keys(workspace.rejected) == names(3)
    assert keys(workspace.inbox) == names(4, 5, 6)
    (admitted,) = workspace.feedback.glob("*.parquet")
    rows = {row["origin"]: row for row in pq.read_table(admitted).to_pylist()}
    assert rows[upload(1)[0]]["labels"] == [upload(1)[2]["labels"]]
    assert rows[upload(2)[0]]["labels"] == ["Porosity"]
    assert rows[upload(1)[0]]["image"] == upload(1)[1]
    assert pq.read_table(admitted).schema.equals(feedback_batches.SCHEMA)
    assert arrival.order(workspace.feedback) == [admitted.name]
    assert feedback_batches.collected_at(admitted) == NOON
    assert feedback_batches.known(workspace) == set(names(*range(1, 7))), "none is collected a second time"
    for number in (4, 5, 6):
        decided(log, upload(number)[0])
    assert admission.admit(workspace, section(workspace)).admitted == 3, "the verdict still stands"
    assert keys(workspace.feedback) == names(1, 2, 4, 5, 6)
    assert inbox.waiting(workspace) == []


def test_with_all_an_uploader_has_so_many_without_review_over_its_life(workspace: Workspace) -> None:
    lax = section(workspace, admit="all")
    lax = lax.model_copy(update={"review": lax.review.model_copy(update={"unreviewed": 4})})
    inbox.record(workspace, [batch(workspace, 1, 2, 3, via="network")], DRIFT)
    assert admission.admit(workspace, lax).admitted == 3
    inbox.record(workspace, [batch(workspace, 4, 5, 6, via="network")], DRIFT)
    found = admission.admit(workspace, lax)
    assert (found.admitted, found.waiting) == (1, 2)
    decided(Log(workspace), upload(1)[0])  # looked at afterwards: it no longer counts as unreviewed
    assert admission.admit(workspace, lax).admitted == 1


def test_without_drift_nothing_is_admitted_however_well_reviewed(workspace: Workspace) -> None:
    path = batch(workspace, 1, via="network")
    inbox.record(workspace, [path], DRIFT.model_copy(update={"outcome": "no-drift"}))
    decided(Log(workspace), upload(1)[0])
    assert admission.admit(workspace, section(workspace)).admitted == 0
    assert path.exists()


@pytest.mark.parametrize("step", range(7))
def test_killed_anywhere_the_next_call_leaves_each_in_one_place(workspace: Workspace, step: int) -> None:
    first, second = batch(workspace, *range(1, 7), via="network"), batch(workspace, 8, 9)
    inbox.record(workspace, [first, second], DRIFT)
    log = Log(workspace)
    decided(log, upload(1)[0])
    decided(log, upload(2)[0], "reject")
    made: list[int] = []

    def counted(real):
        def call(*arguments):
            if len(made) == step:
                raise KeyboardInterrupt
            made.append(1)
            return real(*arguments)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in ("write_bytes", "move"):
            patch.setattr(atomic, name, counted(getattr(atomic, name)))
        try:
            admission.admit(workspace, section(workspace))
        except KeyboardInterrupt:
            assert step < 6
    if step >= 3:
        decided(log, upload(1)[0], "undo")  # too late for what was admitted; it does not come twice
    admission.admit(workspace, section(workspace))
    places = keys(workspace.inbox) + keys(workspace.feedback) + keys(workspace.rejected)
    assert sorted(places) == names(1, 2, 3, 4, 5, 6, 8, 9)
    assert keys(workspace.rejected) == names(2)
    assert arrival.order(workspace.feedback)[:1] != []


def test_what_comes_in_after_drift_is_judged_by_itself_while_old_corrections_still_wait(workspace: Workspace) -> None:
    old = batch(workspace, 1, 2, via="network")
    inbox.record(workspace, [old], DRIFT)
    assert admission.admit(workspace, section(workspace)).waiting == 2
    later = batch(workspace, 5, 6, when=NOON + timedelta(days=7))
    assert inbox.unjudged(workspace) == [later]
    inbox.record(workspace, [later], DRIFT.model_copy(update={"outcome": "no-drift"}))
    decided(Log(workspace), upload(1)[0])
    found = admission.admit(workspace, section(workspace))
    assert (found.admitted, found.waiting) == (1, 1)
    assert keys(workspace.feedback) == names(1), "the later ones show no drift"
    assert later.exists()
    newest = batch(workspace, 7, when=NOON + timedelta(days=8))
    inbox.record(workspace, [newest], DRIFT)
    assert admission.admit(workspace, section(workspace)).admitted == 3, "drift anew: all that may go goes"
    assert keys(workspace.inbox) == names(2)
