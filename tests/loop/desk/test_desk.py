"""Decisions on cards: their near-copies go along, a table is all or nothing."""

from pathlib import Path

import numpy as np
import pytest
from batches import batch
from reviews import HOSTILE
from uploads import upload
from weld_classes import CLASSES

from weldspot.loop.desk import desk as module
from weldspot.loop.desk import measured
from weldspot.loop.desk.desk import Desk, from_table, to_table
from weldspot.loop.desk.measured import Measured
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

KEYS = [upload(number)[0] for number in (1, 2, 3)]


@pytest.fixture
def desk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Three corrections with the same label; the second looks like the first."""
    batch(workspace, 1, 2, 3, via="network", labels="Crack")
    found = Measured(
        KEYS,
        "1",
        list(CLASSES),
        np.full((3, 7), 0.3),
        np.zeros((3, 2, 2)),
        np.zeros(3),
        np.array([0, 0, 2]),
        [[]] * 3,
        [""] * 3,
    )
    workspace.desk.parent.mkdir(parents=True, exist_ok=True)
    workspace.desk.touch()
    monkeypatch.setattr(measured, "read", lambda _: found)
    return Desk(workspace)


def test_near_copies_share_the_decision_and_its_undoing(desk: Desk) -> None:
    assert [len(card.copies) for card in desk.cards()] == [1, 0]
    assert len(desk.decide(KEYS[0], "change", "rita", ["Porosity"], "", 0)) == 2
    assert {key: one.after for key, one in desk.log.last().items()} == {KEYS[0]: ["Porosity"], KEYS[1]: ["Porosity"]}
    assert [card.one.key for card in desk.cards()] == [KEYS[2]]
    assert len(desk.decide(KEYS[0], "undo", "rita", [], "", 1)) == 2
    assert desk.log.last() == {}
    assert [card.seen for card in desk.cards()] == [2, 0]


def test_a_copy_that_somebody_decided_by_itself_is_left_alone(desk: Desk) -> None:
    desk.decide(KEYS[0], "accept", "rita", [], "")
    desk.decide(KEYS[1], "undo", "tom", [], "")
    desk.decide(KEYS[1], "reject", "tom", [], "blurred")
    assert desk.log.last()[KEYS[1]].decision == "reject"


def test_what_does_not_wait_can_not_be_decided_on(desk: Desk) -> None:
    with pytest.raises(WeldspotError, match="does not wait here"):
        desk.decide("feedback/x/y.jpg", "accept", "rita", [], "")


def test_the_table_has_a_row_for_each_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    text = to_table(desk)
    assert len(text.splitlines()) == 4
    path = tmp_path / "cards.csv"
    path.write_text(text.replace(f"{KEYS[0]},,", f"{KEYS[0]},accept,").replace(f"{KEYS[2]},,", f"{KEYS[2]},perhaps,"))
    with pytest.raises(WeldspotError, match="'perhaps' is no decision"):
        from_table(desk, path, "rita")
    assert desk.log.all() == []
    path.write_text(text.replace(f"{KEYS[0]},,", f"{KEYS[0]},accept,"))
    assert [one.upload for one in from_table(desk, path, "rita")] == [KEYS[0]]


def test_what_came_in_since_is_seen(desk: Desk, workspace: Workspace) -> None:
    assert not desk.unmeasured()
    batch(workspace, 4, via="network", note=HOSTILE["HTML"])
    assert desk.unmeasured()
    assert len(desk.waiting()) == 4
    assert module.Desk(workspace).cards()[0].one.key == upload(4)[0], "nothing is known of it"
