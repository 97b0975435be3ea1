"""Identical images: one row, whatever the order they were found in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weld_classes import CLASSES, WELD

from weldspot.images.ingestion.merge import Found, merge, resolve

PLACE = Found("ab", "b.jpg", "export", ("Crack",), (("Crack", 1.0, 1.0, 2.0, 2.0),), (9, 9), "000000", 0, 3)
OTHER = replace(PLACE, name="a.jpg", labels=("Porosity",), boxes=(("Porosity", 0.0, 0.0, 1.0, 1.0),))
WALL = replace(PLACE, name="c.jpg", labels=("Background",), boxes=(("Background", 0.0, 0.0, 9.0, 9.0),))


@pytest.mark.parametrize(
    ("labels", "resolved"),
    [
        (["Splatters", "Crack", "Crack"], ["Crack", "Splatters"]),
        (["Background", "Crack"], ["Crack"]),
        (["Background"], ["Background"]),
        ([], []),
    ],
)
def test_labels_unite_and_background_yields(labels: list[str], resolved: list[str]) -> None:
    assert resolve(labels, WELD) == resolved


@given(st.lists(st.sampled_from(CLASSES), min_size=1))
def test_background_is_never_beside_another_class(labels: list[str]) -> None:
    found = resolve(labels, WELD)
    assert set(found) <= set(labels)
    assert found
    assert found == ["Background"] or "Background" not in found


@given(st.permutations([PLACE, OTHER, WALL]))
def test_the_order_of_the_places_does_not_matter(places: list[Found]) -> None:
    row = merge(places, WELD)
    assert row.found is OTHER, "the first by name"
    assert row.labels == ["Crack", "Porosity"]
    assert row.boxes == [("Crack", 1.0, 1.0, 2.0, 2.0), ("Porosity", 0.0, 0.0, 1.0, 1.0)], "none of what has yielded"
    assert [place.name for place in row.places] == ["a.jpg", "b.jpg", "c.jpg"]
    assert row.conflicting


def test_places_that_agree_do_not_conflict() -> None:
    assert not merge([PLACE, replace(PLACE, name="z.jpg")], WELD).conflicting
