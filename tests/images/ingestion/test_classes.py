"""Objects of unknown classes are left out or keep their image out, as a parameter says."""

from dataclasses import replace

import pytest
from weld_classes import WELD

from weldspot.images.codec import BadImage
from weldspot.images.ingestion.classes import known
from weldspot.labels import ClassList
from weldspot.sources.record import Record

BOX = (1.0, 1.0, 5.0, 5.0)
MIXED = Record("a.jpg", ("Surface_pores", "undercut"), (("Surface_pores", *BOX), ("undercut", *BOX)))


def alias(more: dict[str, str]) -> ClassList:
    return replace(WELD, aliases=more)


def test_what_was_given_up_is_left_out_whatever_the_rule() -> None:
    given_up = replace(alias({"surface pores": "Porosity"}), retired=("Undercut",))
    assert known(MIXED, given_up, drop=False).dropped == ["undercut"]
    with pytest.raises(BadImage, match="only of retired classes: 'undercut'"):
        known(Record("a.jpg", ("undercut",)), given_up, drop=False)


def test_an_unknown_one_beside_a_known_one_is_dropped_and_told() -> None:
    found = known(MIXED, alias({"surface pores": "Porosity"}), drop=True)
    assert (found.labels, found.boxes, found.dropped) == (["Porosity"], [("Porosity", *BOX)], ["undercut"])
    assert not found.boxed, "what it marks is no background"


def test_or_keeps_the_image_out() -> None:
    with pytest.raises(BadImage, match="unknown class 'undercut'"):
        known(MIXED, alias({"surface pores": "Porosity"}), drop=False)


def test_an_image_of_nothing_but_unknown_ones_is_no_image_of_nothing() -> None:
    with pytest.raises(BadImage, match="unknown class 'Surface_pores', 'undercut'"):
        known(MIXED, WELD, drop=True)


def test_an_alias_makes_it_known() -> None:
    found = known(MIXED, alias({"SURFACE-PORES": "Porosity", "Under Cut": "Bad Welding"}), drop=False)
    assert (found.labels, found.dropped, found.boxed) == (["Porosity", "Bad Welding"], [], True)


def test_every_object_needs_its_box() -> None:
    assert not known(Record("a.jpg", ("Crack", "Crack"), (("Crack", *BOX),)), WELD, drop=True).boxed
    assert not known(Record("a.jpg", ("Crack", "Porosity"), (("Crack", *BOX), ("Crack", *BOX))), WELD, drop=True).boxed
    assert known(Record("a.jpg", ("Crack", "Crack"), (("Crack", *BOX), ("Crack", *BOX))), WELD, drop=True).boxed
    assert known(Record("a.jpg"), WELD, drop=True).labels == []
