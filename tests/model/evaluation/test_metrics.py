"""Scores against their definitions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.model.evaluation import metrics


def test_a_perfect_ranking_scores_one_and_an_unknown_class_nothing() -> None:
    truth = np.zeros((8, 7), np.uint8)
    truth[:4, :6] = 1
    scores = truth * 0.8 + 0.1
    assert np.allclose(metrics.average_precision(truth, scores)[:6], 1)
    assert np.isnan(metrics.roc_auc(truth, scores)[6])
    assert metrics.mean(metrics.roc_auc(truth, scores)) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_threshold_is_the_best_of_all(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, (count, 7)).astype(np.uint8)
    scores = rng.uniform(0.05, 0.95, (count, 7)).round(2)
    chosen = metrics.f1(truth, (scores >= metrics.best_thresholds(truth, scores)).astype(np.uint8))
    known = (truth.sum(0) > 0) & (truth.sum(0) < count)
    for threshold in np.linspace(0.03, 0.97, 95):
        other = metrics.f1(truth, (scores >= threshold).astype(np.uint8))
        assert (chosen[known] >= other[known] - 1e-9).all()


def test_calibration_error_is_the_gap() -> None:
    truth = np.zeros((100, 7), np.uint8)
    truth[:70] = 1
    assert np.allclose(metrics.calibration_error(truth, np.full((100, 7), 0.7), 10), 0)
    assert np.allclose(metrics.calibration_error(truth, np.full((100, 7), 0.9), 10), 0.2)
