"""Objects of unknown classes are left out or keep their image out, as a parameter says."""

import pytest

from weldspot.images.codec import BadImage
from weldspot.images.ingestion.classes import known
from weldspot.sources.record import Record

BOX = (1.0, 1.0, 5.0, 5.0)
MIXED = Record("a.jpg", ("Surface_pores", "undercut"), (("Surface_pores", *BOX), ("undercut", *BOX)))


def test_an_unknown_one_beside_a_known_one_is_dropped_and_told() -> None:
    found = known(MIXED, {"surface pores": "Porosity"}, drop=True)
    assert (found.labels, found.boxes, found.dropped) == (["Porosity"], [("Porosity", *BOX)], ["undercut"])
    assert not found.boxed, "what it marks is no background"


def test_or_keeps_the_image_out() -> None:
    with pytest.raises(BadImage, match="unknown class 'undercut'"):
        known(MIXED, {"surface pores": "Porosity"}, drop=False)


def test_an_image_of_nothing_but_unknown_ones_is_no_image_of_nothing() -> None:
    with pytest.raises(BadImage, match="unknown class 'Surface_pores', 'undercut'"):
        known(MIXED, {}, drop=True)


def test_an_alias_makes_it_known() -> None:
    found = known(MIXED, {"SURFACE-PORES": "Porosity", "Under Cut": "Bad Welding"}, drop=False)
    assert (found.labels, found.dropped, found.boxed) == (["Porosity", "Bad Welding"], [], True)


def test_every_object_needs_its_box() -> None:
    assert not known(Record("a.jpg", ("Crack", "Crack"), (("Crack", *BOX),)), {}, drop=True).boxed
    assert not known(Record("a.jpg", ("Crack", "Porosity"), (("Crack", *BOX), ("Crack", *BOX))), {}, drop=True).boxed
    assert known(Record("a.jpg", ("Crack", "Crack"), (("Crack", *BOX), ("Crack", *BOX))), {}, drop=True).boxed
    assert known(Record("a.jpg"), {}, drop=True).labels == []
