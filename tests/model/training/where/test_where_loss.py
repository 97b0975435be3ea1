"""The loss of the maps."""

import numpy as np
import pytest

from weldspot.images.places.cells import INSIDE, OUTSIDE, UNKNOWN
from weldspot.model.training.where.loss import cells_cross_entropy


def loss(cells: list[int], logits: list[float]) -> float:
    shape = (1, 1, len(cells), 1)
    found = cells_cross_entropy(np.array(cells, np.float32).reshape(shape), np.array(logits, np.float32).reshape(shape))
    return float(np.asarray(found)[0])


def test_few_cells_inside_count_as_much_as_many_outside() -> None:
    right, wrong = np.log1p(np.exp(-2.0)), np.log1p(np.exp(2.0))
    assert loss([INSIDE] + [OUTSIDE] * 9, [2.0] + [-2.0] * 9) == pytest.approx(2 * right)
    assert loss([INSIDE] + [OUTSIDE] * 9, [-2.0] * 10) == pytest.approx(wrong + right)
    assert loss([OUTSIDE] * 4, [2.0, -2.0, -2.0, -2.0]) == pytest.approx((wrong + 3 * right) / 4)


def test_what_is_unknown_counts_nothing() -> None:
    assert loss([UNKNOWN] * 3, [9.0, -9.0, 0.0]) == 0
    assert loss([INSIDE, UNKNOWN], [1.0, 50.0]) == loss([INSIDE, UNKNOWN], [1.0, -50.0])
