"""The threshold of best F1."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.model.evaluation.class_thresholds import NEVER, best_thresholds


def f1(truth: np.ndarray, scores: np.ndarray, thresholds: np.ndarray | float) -> np.ndarray:
    predicted = scores >= thresholds
    return 2 * (truth & predicted).sum(0) / np.maximum(truth.sum(0) + predicted.sum(0), 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_threshold_is_the_best_of_all(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, (count, 7)).astype(np.uint8)
    scores = rng.uniform(0.05, 0.95, (count, 7)).round(2)
    chosen = f1(truth, scores, best_thresholds(truth, scores))
    known = (truth.sum(0) > 0) & (truth.sum(0) < count)
    for threshold in np.linspace(0.03, 0.97, 95):
        assert (chosen[known] >= f1(truth, scores, threshold)[known] - 1e-9).all()


def test_it_lies_midway_between_the_scores_that_it_separates() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], np.uint8)
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.3], [0.1, 0.4]])
    assert best_thresholds(truth, scores).tolist() == [np.mean([0.8, 0.4]), NEVER]  # the second class is unknown


def test_it_stays_away_from_the_ends() -> None:
    truth = np.array([[1], [0]], np.uint8)
    assert best_thresholds(truth, np.array([[1e-4], [1e-5]])).tolist() == [0.02]
    assert best_thresholds(truth, np.array([[1.0], [0.999]])).tolist() == [0.98]
