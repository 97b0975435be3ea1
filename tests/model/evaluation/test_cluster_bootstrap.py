"""Weighted scores are those of the photographs taken so often."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from weldspot.model.evaluation import cluster_bootstrap


def drawn(seed: int, photographs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Truth, scores with ties, scenes, and the counts of twelve resamples."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, (photographs, 3)).astype(np.uint8)
    scores = rng.uniform(0, 1, (photographs, 3)).round(1)
    groups = rng.integers(0, max(2, photographs // 3), photographs).astype(str)
    scenes = len(np.unique(groups))
    return truth, scores, groups, cluster_bootstrap.scene_counts(rng.integers(scenes, size=(12, scenes)))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 40))
def test_a_weight_is_a_repetition(seed: int, photographs: int) -> None:
    truth, scores, groups, counts = drawn(seed, photographs)
    names, index = cluster_bootstrap.scene_index(groups)
    weights = cluster_bootstrap.photograph_weights(counts, index)
    assert (names[index] == groups).all()
    pairs = (
        (cluster_bootstrap.weighted_average_precision, average_precision_score),
        (cluster_bootstrap.weighted_roc_auc, roc_auc_score),
    )
    for weighted, plain in pairs:
        found = weighted(truth, scores, weights)
        for resample, row in enumerate(weights):
            rows = np.repeat(np.arange(photographs), row)
            for column in range(3):
                known = 0 < truth[rows, column].sum() < len(rows)
                expected = plain(truth[rows, column], scores[rows, column]) if known else np.nan
                assert found[resample, column] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def one_as_it_always_was(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The comparison's own, before it shared this module."""
    order = np.argsort(-scores, kind="stable")
    ranked, weights = scores[order], weights[:, order]
    last = np.append(np.flatnonzero(ranked[:-1] != ranked[1:]), len(ranked) - 1)
    hits = np.cumsum(weights * truth[order], axis=1)[:, last]
    seen = np.cumsum(weights, axis=1)[:, last]
    precision = hits / np.maximum(seen, 1)
    positives = hits[:, -1]
    recalled = np.diff(hits, axis=1, prepend=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ap = (precision * recalled).sum(1) / positives
    return np.where((positives > 0) & (positives < seen[:, -1]), ap, np.nan)


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_is_to_the_last_digit_what_it_always_was(seed: int) -> None:
    truth, scores, _, _ = drawn(seed, 60)
    weights = np.random.default_rng(seed).multinomial(60, np.full(60, 1 / 60), size=40)
    found = cluster_bootstrap.weighted_average_precision(truth, scores, weights)
    for column in range(3):
        np.testing.assert_array_equal(
            found[:, column], one_as_it_always_was(truth[:, column], scores[:, column], weights)
        )


def test_an_interval_is_to_the_last_digit_what_it_always_was() -> None:
    values = np.append(np.random.default_rng(0).normal(size=500), np.nan)
    tail = (1 - 0.95) / 2
    assert cluster_bootstrap.interval(values, 0.95) == tuple(np.nanquantile(values, [tail, 1 - tail]))
    assert cluster_bootstrap.interval(values, 0.95) == tuple(np.nanquantile(values, q) for q in (tail, 1 - tail))


def test_picks_become_counts() -> None:
    counts = cluster_bootstrap.scene_counts(np.array([[0, 0, 2], [1, 1, 1]]))
    assert counts.tolist() == [[2, 0, 1], [0, 3, 0]]


def test_an_interval_leaves_out_what_is_no_number() -> None:
    values = np.append(np.arange(101.0), np.nan)
    assert cluster_bootstrap.interval(values, 0.9) == (pytest.approx(5.0), pytest.approx(95.0))
