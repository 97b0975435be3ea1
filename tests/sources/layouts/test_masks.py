"""Run lengths of COCO's and of Label Studio's brush, against masks that are drawn here."""

import numpy as np
import pytest
import writers
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.sources.layouts import masks


def counts(mask: np.ndarray) -> list[int]:
    found, value = [0], 0
    for pixel in mask.T.ravel():
        if pixel != value:
            found.append(0)
            value = pixel
        found[-1] += 1
    return found


def box(mask: np.ndarray) -> tuple[int, ...] | None:
    ys, xs = np.nonzero(mask)
    return (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1) if len(xs) else None


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False), st.sampled_from([0.02, 0.3, 0.9]))
def test_the_box_is_around_the_mask_packed_or_not(height: int, width: int, draw, share: float) -> None:
    mask = np.array([[draw.random() < share for _ in range(width)] for _ in range(height)], np.uint8)
    runs = counts(mask)
    assert masks.coco(runs, [height, width]) == box(mask)
    assert masks.coco(writers.packed(runs), [height, width]) == box(mask)


@pytest.mark.parametrize(
    ("runs", "size"),
    [
        ([1, 2], [2, 2]), ([-1, 5], [2, 2]), ([1.5, 2.5], [2, 2]), (None, [2, 2]), ([4], [2]), ([4], [2, "2"]),
        ([4], None), ([0], [0, 0]), ("\x00", [2, 2]), ("P", [2, 2]), ([1 << 40], [1 << 20, 1 << 20]),
        ("o" * 40, [2, 2]),
    ],
)  # fmt: skip
def test_runs_that_do_not_fit_are_refused(runs: object, size: object) -> None:
    with pytest.raises(ValueError, match="annotation has a mask"):
        masks.coco(runs, size)


@pytest.mark.parametrize("drawn", [(3, 5, 20, 30), (0, 0, 96, 64), (95, 63, 96, 64), (10, 10, 11, 40)])
def test_a_brush_stroke_is_where_it_was_painted(drawn: tuple[int, ...]) -> None:
    assert masks.brush(writers.stroke(("Crack", *drawn)), writers.WIDTH, writers.HEIGHT) == drawn


def test_a_stroke_of_nothing_has_no_box() -> None:
    assert masks.brush(writers.stroke(("Crack", 5, 5, 5, 5)), writers.WIDTH, writers.HEIGHT) is None


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:9], lambda d: [300, *d], lambda d: "x", lambda d: [0, *d], lambda d: []]
)
def test_a_stroke_that_does_not_fit_is_refused(spoil) -> None:
    with pytest.raises(ValueError, match="annotation has a brush stroke"):
        masks.brush(spoil(writers.stroke(("Crack", 3, 5, 20, 30))), writers.WIDTH, writers.HEIGHT)
