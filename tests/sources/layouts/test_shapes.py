"""Numbers of any spelling, and the boxes around shapes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.layouts import shapes

SIDE = st.floats(-100, 100)


@pytest.mark.parametrize(("value", "expected"), [(3, 3.0), ("2.5", 2.5), (" 7 ", 7.0), (1e3, 1000.0)])
def test_a_number_may_be_written_as_text(value: object, expected: float) -> None:
    assert shapes.number(value, "a side") == expected


@pytest.mark.parametrize("value", [None, True, "", "wide", math.nan, "nan", "inf", 10**400, [1], {}])
def test_what_is_no_number_is_named(value: object) -> None:
    with pytest.raises(ValueError, match=r"annotation has a side .*, which is not a number"):
        shapes.number(value, "a side")


@pytest.mark.parametrize("values", [[[1, 2], [3, 4]], [1, 2, 3, 4], ["1", "2", "3", "4"], [(1, 2), (3, 4)]])
def test_points_come_in_pairs_or_in_a_row(values: object) -> None:
    assert shapes.points(values, "a polygon") == [(1, 2), (3, 4)]


@pytest.mark.parametrize("values", [[1, 2, 3], [[1, 2, 3]], "12", 5, None, [[1, 2], 3], [{"x": 1}]])
def test_what_are_no_points_are_refused(values: object) -> None:
    with pytest.raises(ValueError, match="annotation has a polygon"):
        shapes.points(values, "a polygon")


def test_a_shape_without_points_has_no_box() -> None:
    with pytest.raises(ValueError, match="without points"):
        shapes.around([])


@given(SIDE, SIDE, st.floats(0, 50), st.floats(0, 50), st.floats(-720, 720))
def test_a_turned_box_is_around_its_corners(x: float, y: float, width: float, height: float, degrees: float) -> None:
    box = (x, y, x + width, y + height)
    left, top, right, bottom = shapes.turned(box, degrees, (x, y))
    angle = math.radians(degrees)
    for across in (0, width):
        for down in (0, height):
            at = (
                x + across * math.cos(angle) - down * math.sin(angle),
                y + across * math.sin(angle) + down * math.cos(angle),
            )
            assert left - 1e-6 <= at[0] <= right + 1e-6
            assert top - 1e-6 <= at[1] <= bottom + 1e-6
    assert (right - left) * (bottom - top) >= width * height - 1e-3


def test_a_quarter_turn_is_clockwise_about_the_point() -> None:
    assert shapes.turned((10, 10, 30, 15), 90, (10, 10)) == pytest.approx((5, 10, 10, 30))


@given(st.floats(1, 40), st.floats(1, 40), st.floats(0, 360))
def test_an_ellipse_touches_its_box(across: float, down: float, degrees: float) -> None:
    box = shapes.ellipse((0, 0), (across, down), degrees)
    turn = math.radians(degrees)
    edge = [
        across * math.cos(t) * math.cos(turn) - down * math.sin(t) * math.sin(turn)
        for t in (math.tau * step / 3600 for step in range(3600))
    ]
    assert box[2] == pytest.approx(max(edge), rel=1e-3)


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a box of -1 x 2: less than nothing"):
        shapes.size(-1, 2)


@pytest.mark.parametrize(
    ("sides", "expected"), [((9, "8"), (9, 8)), ((0, 8), None), ((None, 8), None), ((-1, 2), None)]
)
def test_a_frame_that_is_none_is_none(sides: tuple[object, object], expected: object) -> None:
    assert shapes.frame(*sides) == expected
