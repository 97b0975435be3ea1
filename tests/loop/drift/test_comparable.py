"""A model is held against the photographs that were labelled with a list which says what it asks."""

from batches import batch
from weld_classes import CLASSES, WELD

from weldspot.labels import ClassList
from weldspot.loop.drift.comparable import comparable, why_not
from weldspot.workspace import Workspace


def test_the_same_list_and_one_that_means_the_same() -> None:
    assert why_not(CLASSES, ["Crack"], WELD) == ""
    renamed = ClassList(("Background", "Riss", "Pore"), aliases={"Crack": "Riss", "Porosity": "Pore"})
    assert why_not(["Background", "Crack", "Porosity"], ["Crack"], renamed) == ""


def test_a_label_that_means_nothing_and_one_that_was_given_up() -> None:
    fewer = ClassList(CLASSES[:3], retired=CLASSES[3:6])
    assert why_not(CLASSES, ["Crack", "Splatters"], fewer) == "labelled Splatters, which its list does not have"
    assert why_not(CLASSES, ["Crack", "Porosity"], fewer) == ""


def test_a_list_without_a_word_for_a_class_says_nothing_of_it() -> None:
    more = ClassList((*CLASSES, "Undercut"))
    assert why_not(CLASSES, ["Crack"], more) == "labelled with a list that has no Undercut"


def test_over_batches_in_order(workspace: Workspace) -> None:
    batches = [batch(workspace, 0, 1, 2), batch(workspace, 3, 4, classes=",".join(CLASSES))]
    usable, left_out = comparable(batches, WELD)
    assert (usable.tolist(), dict(left_out)) == ([True] * 5, {})
    usable, left_out = comparable(batches, ClassList(CLASSES[:2]))
    assert usable.tolist() == [True, True, False, False, False]
    assert left_out.total() == 3
    assert comparable([], WELD)[0].tolist() == []
