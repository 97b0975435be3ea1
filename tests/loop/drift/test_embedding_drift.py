"""Evidently's classifier on our components."""

import numpy as np
import pytest

from weldspot.loop.drift.embedding_drift import COMPONENTS, MAX_ROWS, Components, classifier_auc


def test_components_of_the_reference_have_unit_variance_and_no_more_than_there_are() -> None:
    rng = np.random.default_rng(0)
    reference = (rng.normal(size=(300, 40)) * np.linspace(1, 5, 40)).astype(np.float16)
    found = Components(reference)(reference)
    assert (found.shape, found.dtype) == ((300, COMPONENTS), np.float32)
    assert found.std(0, ddof=1) == pytest.approx(np.ones(COMPONENTS), abs=0.02)
    few = reference[:5]
    assert Components(few)(few).shape == (5, 5)


def test_alike_is_a_half_and_apart_is_one() -> None:
    rng = np.random.default_rng(1)
    first = rng.normal(size=(400, 8)).astype(np.float32)
    assert classifier_auc(first, rng.normal(size=(300, 8)).astype(np.float32)) == pytest.approx(0.5, abs=0.12)
    assert classifier_auc(first, (first + 5)[:100]) > 0.99


def test_large_samples_are_thinned_evenly() -> None:
    rng = np.random.default_rng(2)
    long = np.vstack([rng.normal(size=(MAX_ROWS, 4)), rng.normal(6, 1, size=(MAX_ROWS, 4))]).astype(np.float32)
    short = rng.normal(size=(MAX_ROWS, 4)).astype(np.float32)
    assert 0.65 < classifier_auc(short, long) < 0.9, "half of it is unlike"
