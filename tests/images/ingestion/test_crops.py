"""Background crops: squares where no box is, the same for the same image, and only where boxes tell of the weld."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.images.ingestion.boxes import touches
from weldspot.images.ingestion.crops import (
    background_regions,
    is_free,
    rule,
    show_the_weld,
)
from weldspot.sources.record import Box

ID = "5e" * 32
CORNER = ("Crack", 0.0, 0.0, 60.0, 60.0)
WHOLE_WELD = ("Good Welding", "Bad Welding")
BEAD = ("Good Welding", 20.0, 40.0, 170.0, 70.0)


def box(left: int, top: int, width: int, height: int) -> Box:
    return "Crack", float(left), float(top), float(left + width), float(top + height)


@given(
    st.lists(st.builds(box, *[st.integers(0, 150)] * 2, *[st.integers(1, 90)] * 2), min_size=1, max_size=4),
    st.integers(1, 4),
    st.integers(0, 2**64 - 1),
)
def test_regions_lie_in_the_image_and_meet_nothing(boxes: list[Box], count: int, seed: int) -> None:
    found = background_regions(f"{seed:064x}", (200, 160), boxes, count, 0.35, 16)
    assert len(found) <= count
    for left, top, right, bottom in found:
        assert right - left == bottom - top == round(0.35 * 160)
        assert 0 <= left < right <= 200
        assert 0 <= top < bottom <= 160
        assert is_free((left, top, right, bottom), boxes)
    assert not any(touches(one, other) for one, other in combinations(found, 2))


def test_the_image_alone_decides_the_place() -> None:
    places = [background_regions(i, (200, 160), [CORNER], 1, 0.35, 16) for i in (ID, ID, "a1" * 32)]
    assert places[0] == places[1] != places[2]


def test_there_are_none_without_boxes_room_or_wish() -> None:
    assert background_regions(ID, (200, 160), [], 1, 0.35, 16) == []
    assert background_regions(ID, (200, 160), [CORNER], 0, 0.35, 16) == []
    assert background_regions(ID, (40, 40), [("Crack", 0.0, 0.0, 2.0, 2.0)], 1, 0.35, 16) == []
    assert background_regions(ID, (200, 160), [("Crack", 0.0, 0.0, 200.0, 160.0)], 1, 0.35, 16) == []


def test_a_region_keeps_its_distance() -> None:
    assert is_free((67, 0, 80, 13), [CORNER])
    assert not is_free((65, 0, 78, 13), [CORNER]), "within a tenth of the box"


@pytest.mark.parametrize(
    ("boxes", "labels", "shown"),
    [
        ([BEAD], ["Good Welding"], True),
        ([BEAD, CORNER], ["Crack", "Good Welding"], True),
        ([BEAD], ["Crack", "Good Welding"], False),  # the crack could be anywhere
        ([CORNER], ["Crack"], False),  # a spot of a weld, which goes on beyond
        ([("Crack", 0.0, 0.0, 200.0, 60.0)], ["Crack"], False),
        ([("Good Welding", 20.0, 40.0, 150.0, 70.0)], ["Good Welding"], False),  # a piece, or one of several
        ([("Good Welding", 0.0, 0.0, 40.0, 30.0), ("Bad Welding", 120.0, 20.0, 140.0, 50.0)], WHOLE_WELD, True),
        ([("Bad Welding", 90.0, 10.0, 110.0, 125.0)], ["Bad Welding"], True),  # of a shorter side
        ([], ["Good Welding"], False),
        ([("Background", 0.0, 0.0, 200.0, 160.0)], ["Background"], False),
    ],
)
def test_boxes_tell_where_the_weld_is_or_they_do_not(boxes: list[Box], labels: list[str], shown: bool) -> None:
    assert show_the_weld(boxes, labels, (200, 160), WHOLE_WELD) is shown


def test_the_classes_of_whole_welds_are_a_parameter() -> None:
    assert show_the_weld([("Crack", 0.0, 0.0, 200.0, 60.0)], ["Crack"], (200, 160), ["Crack"])
    assert not show_the_weld([BEAD], ["Good Welding"], (200, 160), [])
    assert "boxes of Good Welding or Bad Welding span 70% of a side" in rule(WHOLE_WELD)
    assert "boxes of no class" in rule([])
