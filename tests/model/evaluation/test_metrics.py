"""Scores against their definitions."""

import numpy as np
import pytest
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


def test_the_mean_of_nothing_is_no_number() -> None:
    assert np.isnan(metrics.mean(np.full(7, np.nan)))


def f1_by_its_definition(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    hits = (truth & predicted).sum(0)
    total = truth.sum(0) + predicted.sum(0)
    return np.where(truth.any(0), 2 * hits / np.maximum(total, 1), np.nan)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.floats(0, 1))
def test_f1_is_that_of_the_definition_to_the_last_digit(seed: int, count: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = ((rng.random((count, 7)) < share).astype(np.uint8) for _ in range(2))
    np.testing.assert_array_equal(metrics.f1(truth, predicted), f1_by_its_definition(truth, predicted))


def test_a_class_that_is_not_there_is_no_f1_of_zero() -> None:
    truth = np.zeros((4, 2), np.uint8)
    truth[:2, 0] = 1
    assert metrics.mean(metrics.f1(truth, truth)) == 1


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_answers_that_are_no_numbers_have_no_score(broken: float) -> None:
    truth = np.eye(2, dtype=np.uint8)[np.arange(8) % 2]
    scores = truth * 0.8 + 0.1
    scores[3, 1] = broken
    for score in (metrics.average_precision, metrics.roc_auc):
        assert np.isnan(score(truth, scores)).tolist() == [False, True]


def test_calibration_error_is_the_gap() -> None:
    truth = np.zeros((100, 7), np.uint8)
    truth[:70] = 1
    assert np.allclose(metrics.calibration_error(truth, np.full((100, 7), 0.7), 10), 0)
    assert np.allclose(metrics.calibration_error(truth, np.full((100, 7), 0.9), 10), 0.2)


def test_gaps_of_different_bins_do_not_cancel_out() -> None:
    truth = np.repeat(np.array([[1], [0]], np.uint8), 50, axis=0)
    scores = np.repeat([[0.75], [0.25]], 50, axis=0)
    assert metrics.calibration_error(truth, scores, 2) == pytest.approx([0.25])
    assert metrics.calibration_error(truth, scores[::-1].copy(), 2) == pytest.approx([0.75])
