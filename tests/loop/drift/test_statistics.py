"""The gate's statistics, on numbers whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import THRESHOLDS, photographs
from scipy.stats import ks_2samp
from weld_classes import CLASSES

from weldspot.loop.drift import statistics
from weldspot.model.evaluation import metrics


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=50),
    st.lists(st.integers(-5, 5), min_size=1, max_size=50),
)
def test_ks_distance_is_scipys(first: list[int], second: list[int]) -> None:
    with np.errstate(divide="ignore"):  # its p-value, of a sample of one
        expected = ks_2samp(first, second, method="asymp").statistic
    assert statistics.ks_distance(np.array(first), np.array(second)) == pytest.approx(expected)


def test_roc_auc_is_scikit_learns_and_rare_classes_have_none() -> None:
    sample = photographs(np.random.default_rng(0), 200)
    found = statistics.roc_auc(sample.labels, sample.scores.round(1))
    assert found == pytest.approx(metrics.roc_auc(sample.labels, sample.scores.round(1)))
    labels = sample.labels.copy()
    labels[:, 3] = 0
    labels[:4, 3] = 1
    assert np.isnan(statistics.roc_auc(labels, sample.scores)[3])


def test_every_statistic_has_its_name_and_a_sample_does_not_differ_from_itself() -> None:
    sample = photographs(np.random.default_rng(0), 200)
    found = dict(zip(statistics.names(CLASSES), statistics.measure(sample, sample, THRESHOLDS), strict=True))
    assert len(statistics.names(CLASSES)) == 6 + 1 + 4 * len(CLASSES)
    embedding = found.pop("embedding")
    assert set(found.values()) == {0.0}
    assert embedding < 0.1


def test_agreement_is_the_share_of_equal_decisions() -> None:
    sample = photographs(np.random.default_rng(1), 50)
    one_by_one = [
        [(score >= 0.5) == bool(label) for score, label in zip(*column, strict=True)]
        for column in zip(sample.scores.T, sample.labels.T, strict=True)
    ]
    expected = pytest.approx(np.mean(one_by_one, axis=1))
    assert statistics.agreement(sample.labels, sample.scores, THRESHOLDS) == expected
