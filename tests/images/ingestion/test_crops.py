"""Background crops: squares where no box is, the same for the same image."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from weldspot.images.ingestion.boxes import touches
from weldspot.images.ingestion.crops import background_regions, is_free
from weldspot.sources.record import Box

ID = "5e" * 32
CORNER = ("Crack", 0.0, 0.0, 60.0, 60.0)


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
