"""Points of the reliability curve, each of photographs enough to say something."""

import matplotlib.pyplot as plt
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.model.evaluation.reliability import HANDFUL, draw_reliability, reliability_bins


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 200), st.integers(2, 40))
def test_every_photograph_is_in_one_bin_and_no_bin_is_a_handful(seed: int, count: int, bins: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.random(count) ** 4
    column = (rng.random(count) < scores).astype(np.uint8)
    found = reliability_bins(column, scores, bins)
    assert sum(one.count for one in found) == count
    assert sum(one.there for one in found) == column.sum()
    assert all(one.count >= min(HANDFUL, count) for one in found)
    assert [one.confidence for one in found] == sorted(one.confidence for one in found)
    assert all(0 <= one.interval[0] <= one.there / one.count <= one.interval[1] <= 1 for one in found)


def test_three_photographs_of_high_probability_are_no_spike() -> None:
    scores = np.array([0.05] * 30 + [0.75, 0.85, 0.95])
    column = np.array([0] * 30 + [0, 1, 0], np.uint8)
    (only,) = reliability_bins(column, scores, 10)
    assert (only.count, only.there) == (33, 1)


def test_the_counts_are_written_beside_the_points() -> None:
    scores = np.repeat([0.1, 0.9], 20)
    figure, axes = plt.subplots()
    said = draw_reliability(axes, np.repeat([0, 1], 20).astype(np.uint8), scores, 10)
    assert [text.get_text() for text in axes.texts] == ["20", "20"]
    assert said == "mean gap 0.100"
    plt.close(figure)
