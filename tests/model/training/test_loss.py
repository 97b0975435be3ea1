"""The loss against its formula."""

import numpy as np
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.model.training.loss import (
    class_weights,
    objective,
    weighted_categorical_cross_entropy,
    weighted_cross_entropy,
)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 50), st.floats(1, 9))
def test_the_rarer_a_class_the_heavier_it_is_up_to_the_limit(seed: int, count: int, limit: float) -> None:
    rng = np.random.default_rng(seed)
    labels = (rng.random((count, 7)) < rng.random(7)).astype(np.uint8)
    weights = class_weights(labels, limit)
    assert weights.dtype == np.float32
    assert (weights >= 1).all()
    assert (weights <= np.float32(limit)).all()
    order = np.argsort(labels.sum(0), kind="stable")
    assert (np.diff(weights[order]) <= 0).all()


def test_a_weight_is_the_root_of_negatives_per_positive() -> None:
    labels = np.zeros((100, 3), np.uint8)
    labels[:10, 0] = labels[:80, 1] = 1
    assert class_weights(labels, 5.0).tolist() == [3, 1, 5]
    assert class_weights(labels.astype(np.float32), 5.0).tolist() == [3, 1, 5]


def test_cross_entropy_of_smoothed_labels_where_a_positive_counts_more() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, (6, 3)).astype(np.float32)
    logits = rng.normal(size=(6, 3)).astype(np.float32)
    weights = np.array([1, 2, 5], np.float32)
    found = np.asarray(weighted_cross_entropy(weights, 0.1)(truth, logits))
    target = truth * 0.9 + 0.05
    plain = np.logaddexp(0, logits) - target * logits
    np.testing.assert_allclose(found, (plain * np.where(truth == 1, weights, 1)).mean(1), rtol=1e-5)


def test_of_an_exclusive_list_it_is_the_smoothed_cross_entropy_of_the_one_class() -> None:
    rng = np.random.default_rng(1)
    truth = np.eye(4, dtype=np.float32)[rng.integers(4, size=9)]
    logits = rng.normal(size=(9, 4)).astype(np.float32)
    weights = np.array([1, 2, 3, 5], np.float32)
    found = np.asarray(weighted_categorical_cross_entropy(weights, 0.1)(truth, logits))
    log_softmax = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    expected = -((truth * 0.9 + 0.1 / 4) * log_softmax).sum(1) * weights[truth.argmax(1)]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_the_list_decides_which() -> None:
    labels = np.eye(3, dtype=np.uint8)
    one, several = objective(labels, True, tiny.training()), objective(labels, False, tiny.training())
    logits = np.array([[5.0, -5.0, -5.0]], np.float32)
    shifted = logits + 3
    truth = labels[:1].astype(np.float32)
    np.testing.assert_allclose(np.asarray(one(truth, logits)), np.asarray(one(truth, shifted)), rtol=1e-3)
    assert abs(np.asarray(several(truth, logits)) - np.asarray(several(truth, shifted))) > 0.01
