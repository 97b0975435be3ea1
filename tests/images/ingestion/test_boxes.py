"""Boxes: turned, scaled and clipped to the upright image, or refused with a reason."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from weldspot.images.codec import BadImage
from weldspot.images.ingestion.boxes import fit, touches

STORED = (90, 60)
UNDO = {5: "TRANSPOSE", 6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}


@pytest.mark.parametrize("frame", [(90.0, 60.0), None])
def test_a_box_in_pixels_stays_as_it_is(frame: tuple[float, float] | None) -> None:
    box = ("Crack", 10.0, 5.0, 30.0, 20.0)
    assert fit([box, box], frame, STORED, 1) == [box]


def test_fractions_and_boxes_of_a_scaled_copy_become_pixels() -> None:
    wanted = [("Crack", 9.0, 6.0, 45.0, 30.0)]
    assert fit([("Crack", 0.1, 0.1, 0.5, 0.5)], (1.0, 1.0), STORED, 1) == wanted
    assert fit([("Crack", 18.0, 12.0, 90.0, 60.0)], (180.0, 120.0), STORED, 1) == wanted


def test_boxes_of_a_picture_of_another_shape_are_refused() -> None:
    with pytest.raises(BadImage, match="annotated on a picture of 50 x 90 pixels, this one has 90 x 60: another shape"):
        fit([("Crack", 9.0, 6.0, 45.0, 30.0)], (50.0, 90.0), STORED, 1)
    assert fit([], (50.0, 90.0), STORED, 1) == []


def test_corners_in_another_order_are_put_in_order() -> None:
    assert fit([("Crack", 30.0, 5.0, 10.0, 20.0)], None, STORED, 1) == [("Crack", 10.0, 5.0, 30.0, 20.0)]


@pytest.mark.parametrize("orientation", UNDO)
def test_a_box_of_the_stored_picture_turns_with_it(orientation: int) -> None:
    upright = np.zeros((90, 60), np.uint8)
    upright[10:20, 30:55] = 1
    ys, xs = np.nonzero(np.asarray(Image.fromarray(upright).transpose(getattr(Image.Transpose, UNDO[orientation]))))
    drawn = ("Crack", float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))
    assert fit([drawn], (90.0, 60.0), STORED, orientation) == [("Crack", 30.0, 10.0, 55.0, 20.0)]


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (("Crack", 95.0, 5.0, 99.0, 20.0), "'Crack' lies outside the 90 x 60 image"),
    ],
)
def test_a_box_that_makes_no_sense_is_refused(box: tuple[str, float, float, float, float], reason: str) -> None:
    with pytest.raises(BadImage, match=reason):
        fit([box], None, STORED, 1)


def test_a_frame_of_next_to_nothing_makes_no_box_without_sides() -> None:
    """0 times infinity is no number, and no number is outside of anything."""
    with pytest.raises(BadImage, match="lies outside"):
        fit([("Crack", 0.0, 0.0, 9.0, 9.0)], (90e-320, 60e-320), STORED, 1)


SIDES = st.tuples(*[st.floats(-20, 110)] * 4)


@given(SIDES)
def test_what_is_given_lies_in_the_image(sides: tuple[float, float, float, float]) -> None:
    xs, ys = sorted(sides[:2]), sorted(sides[2:])
    try:
        ((_, left, top, right, bottom),) = fit([("Crack", xs[0], ys[0], xs[1], ys[1])], None, STORED, 1)
    except BadImage:
        assert xs[1] <= 0.5 or xs[0] >= 89.5 or ys[1] <= 0.5 or ys[0] >= 59.5
        return
    assert 0 <= left < right <= 90
    assert 0 <= top < bottom <= 60


def test_a_line_is_widened_to_a_pixel() -> None:
    assert fit([("Porosity", 20.0, 20.0, 20.0, 30.0)], None, STORED, 1) == [("Porosity", 19.5, 20.0, 20.5, 30.0)]


def test_boxes_that_only_share_an_edge_do_not_touch_but_within_a_margin() -> None:
    left, right = (0, 0, 10, 10), (10, 0, 20, 10)
    assert not touches(left, right)
    assert touches(left, right, 0.1)
    assert touches(left, (9.5, 9.5, 20.0, 20.0))
