"""Boxes on their way through the graph."""

import numpy as np
import pyarrow as pa
import pytest

from weldspot.images.places import boxes
from weldspot.images.table import BOX, BoxRow, box_row

NAMES = ("Crack", "Porosity")


def row_of(label: str, *sides: float) -> BoxRow:
    xmin, ymin, xmax, ymax = map(float, sides)
    return box_row(label, xmin, ymin, xmax, ymax)


def column(*rows: list) -> pa.ListArray:
    return pa.array([[row_of(*box) for box in row] for row in rows], pa.list_(BOX))


def test_each_image_has_its_own_scale_and_corner() -> None:
    given = column([("Crack", 0, 10, 20, 30)], [], [("Porosity", 1, 2, 3, 4), ("Crack", 5, 6, 7, 8)])
    factors = np.array([[2, 0.5], [9, 9], [1, 1]], np.float32)
    found = boxes.scaled(given, factors, np.array([[1, 0], [9, 9], [0, 100]], np.float32))
    assert found.type == pa.list_(BOX)
    assert found.to_pylist() == [
        [row_of("Crack", 1, 5, 41, 15)],
        [],
        [row_of("Porosity", 1, 102, 3, 104), row_of("Crack", 5, 106, 7, 108)],
    ]
    assert boxes.scaled(given[2:], factors[:1], np.zeros((1, 2), np.float32)).to_pylist() == [
        [row_of("Porosity", 2, 1, 6, 2), row_of("Crack", 10, 3, 14, 4)]
    ], "of a part of a column"


def test_pieces_are_gathered_under_their_positions() -> None:
    pieces = [
        (np.array([2, 0]), pa.chunked_array([column([("Porosity", 1, 1, 2, 2)], [("Rust", 0, 0, 9, 9)])])),
        (np.array([3]), pa.chunked_array([column([("Crack", 3, 3, 4, 4), ("Porosity", 5, 5, 6, 6)])])),
    ]
    found = boxes.gathered(pieces, NAMES, 4)
    of = [found.shapes(k)[0].tolist() for k in range(4)]
    assert of == [[], [], [1], [0, 1]], "what is of no class is left out"
    assert found.shapes(2)[1].tolist() == [[[1, 1], [2, 1], [2, 2], [1, 2]]]
    again = found.take(np.array([3, 1, 3]))
    assert [again.shapes(k)[0].tolist() for k in range(3)] == [[0, 1], [], [0, 1]]
    assert again.held().tolist() == [1, 2]
    assert len(boxes.gathered([], NAMES, 3)) == 3


@pytest.mark.parametrize(
    ("placement", "moved"),
    [
        (boxes.UNMOVED, [[1, 2], [3, 2], [3, 5], [1, 5]]),
        ((-1, 0, 9, 0, 1, 0), [[9, 2], [7, 2], [7, 5], [9, 5]]),  # mirrored in a picture of 10 pixels
        ((0, 1, 0, -1, 0, 9), [[2, 9], [2, 7], [5, 7], [5, 9]]),  # a quarter to the left
    ],
)
def test_a_variants_boxes_lie_where_its_pixels_went(placement: tuple[float, ...], moved: list) -> None:
    one = boxes.Boxes(
        np.array([0]), np.array([1]), np.array([0], np.int32), np.array([[1, 2, 3, 5]], np.float32),
        np.array([placement], np.float32),
    )  # fmt: skip
    assert one.shapes(0)[1].tolist() == [moved]
