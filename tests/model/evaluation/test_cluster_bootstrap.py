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


@settings(max_examples=40, deadline=None)
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


def test_picks_become_counts() -> None:
    counts = cluster_bootstrap.scene_counts(np.array([[0, 0, 2], [1, 1, 1]]))
    assert counts.tolist() == [[2, 0, 1], [0, 3, 0]]


def test_an_interval_leaves_out_what_is_no_number() -> None:
    values = np.append(np.arange(101.0), np.nan)
    assert cluster_bootstrap.interval(values, 0.9) == (pytest.approx(5.0), pytest.approx(95.0))
