"""Two lists of classes: what one says of the other's names, and what is compared."""

import numpy as np
from weld_classes import WELD, of

from weldspot.labels import ClassList
from weldspot.loop.promotion.rule import lost
from weldspot.loop.promotion.translation import translate


def test_one_list_is_compared_as_it_is_and_nothing_is_said() -> None:
    same = translate(WELD, WELD)
    assert (same.shared, same.new, same.lost, same.lines()) == (list(WELD.names), [], [], [])
    scores = np.random.default_rng(0).random((5, len(WELD)))
    np.testing.assert_array_equal(same.scores(scores), scores)


def test_renamed_merged_new_and_given_up() -> None:
    old = ClassList(("None", "Pore", "Crater", "Spatter", "Rust"))
    new = ClassList(("None", "Hole", "Undercut"), aliases={"pore": "Hole", "crater": "Hole"}, retired=("rust",))
    found = translate(old, new)
    assert (found.shared, found.new, found.lost, found.retired) == (
        ["None", "Hole"],
        ["Undercut"],
        ["Spatter"],
        ["Rust"],
    )
    scores = np.array([[0.1, 0.2, 0.9, 0.5, 0.5], [0.8, 0.4, 0.3, 0.5, 0.5]])
    np.testing.assert_array_equal(found.scores(scores), [[0.1, 0.9], [0.8, 0.4]])
    assert found.lines() == [
        "the list of classes is another: Pore is Hole now, Crater is Hole now",
        "new in the list, so not compared: Undercut",
        "given up in the list: Rust",
    ]
    assert lost(found, [], []).refusals[0].startswith("its list has no Spatter, which production knows; ")
    assert lost(found, ["Hole"], []).refusals[0].startswith("it does not know Hole, which production knows")
    assert not lost(found, ["Undercut"], []).refusals[1:], "what is new can't be lost"


def test_what_production_never_learnt_is_not_lost() -> None:
    assert translate(of(5), of(4), unknown=["Class 4"]).lost == []
    assert translate(of(5), of(4)).lost == ["Class 4"]


def test_two_lists_with_nothing_in_common_share_nothing() -> None:
    found = translate(ClassList(("a", "b")), ClassList(("c",)))
    assert (found.shared, found.scores(np.ones((3, 2))).shape) == ([], (3, 0))
