"""The gate's statistics, its calibration and its verdict, on numbers whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from weldspot.loop.drift.verdict import DRIFT, NO_DRIFT, judge

from weldspot.config.sections.loop import Gate
from weldspot.labels import CLASSES
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import calibrate
from weldspot.loop.drift.sample import SHOTS, Sample
from weldspot.model.evaluation import metrics

DECISIONS = np.full(7, 0.5)
SECTION = Gate(
    min_images=10, max_images=500, false_alarm_rate=0.05, resamples=100, min_effect=0.05, min_roc_auc=0.75, seed=0
)


def photographs(rng: np.random.Generator, n: int, shift: float = 0.0, skill: float = 4.0) -> Sample:
    labels = np.eye(7, dtype=np.uint8)[rng.integers(7, size=n)]
    scores = 1 / (1 + np.exp(-(labels * skill - 2 + rng.normal(size=labels.shape))))
    embeddings = rng.normal(size=(n, 8)).astype(np.float32)
    return Sample(rng.normal(shift, 1, size=(n, 6)), scores, labels, embeddings, np.arange(n) // 2)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=50),
    st.lists(st.integers(-5, 5), min_size=1, max_size=50),
)
def test_ks_distance_is_scipys(first: list[int], second: list[int]) -> None:
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


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(1, 80), st.integers(0, 99))
def test_a_draw_has_its_size_and_takes_a_few_of_a_scene_at_a_time(groups: list[int], n: int, seed: int) -> None:
    sample = photographs(np.random.default_rng(0), len(groups))
    visits = np.array([100 * g + groups[:row].count(g) // SHOTS for row, g in enumerate(groups)])
    sample = Sample(visits[:, None], sample.scores, sample.labels, sample.embeddings, np.array(groups))
    drawn = sample.draw(n, np.random.default_rng(seed))
    assert len(drawn) == n
    cut = [v for v in set(visits) if (drawn.quality == v).sum() % (visits == v).sum()]
    assert len(cut) <= 1, "only the last visit is cut to size"


def test_drawing_leaves_the_shares_of_large_and_small_scenes() -> None:
    sample = photographs(np.random.default_rng(0), 120)
    groups = np.where(np.arange(120) < 60, -1, np.arange(120))  # one of sixty, sixty of one
    sample = Sample(sample.quality, sample.scores, sample.labels, sample.embeddings, groups)
    drawn = sample.draw(20_000, np.random.default_rng(1))
    alone = (drawn.groups == -1).mean()
    assert 0.45 < alone < 0.55


@pytest.fixture(scope="module")
def reference() -> Sample:
    return photographs(np.random.default_rng(1), 300)


def test_no_change_is_no_drift(reference: Sample) -> None:
    rng = np.random.default_rng(2)
    limits = calibrate(reference, 100, DECISIONS, SECTION)
    verdicts = [judge(reference, photographs(rng, 100), DECISIONS, limits, SECTION) for _ in range(20)]
    assert sum(v.outcome == DRIFT for v in verdicts) <= 4  # 5 % are expected; more than 4 of 20 has odds of 1 in 400


def test_a_shift_is_named_with_its_size(reference: Sample) -> None:
    limits = calibrate(reference, 100, DECISIONS, SECTION)
    moved = judge(reference, photographs(np.random.default_rng(3), 100, shift=1.5), DECISIONS, limits, SECTION)
    assert moved.outcome == DRIFT
    assert any(reason.startswith("brightness: median") for reason in moved.reasons)
    row = next(row for row in moved.rows if row["name"] == "quality: brightness")
    assert row["moved"]
    assert row["value"] > row["limit"]


def test_a_model_that_is_wrong_is_drift_though_the_pictures_are_the_same(reference: Sample) -> None:
    rng = np.random.default_rng(4)
    wrong = photographs(rng, 100)
    labels = wrong.labels[rng.permutation(100)]
    wrong = Sample(wrong.quality, wrong.scores, labels, wrong.embeddings, wrong.groups)
    verdict = judge(reference, wrong, DECISIONS, calibrate(reference, 100, DECISIONS, SECTION), SECTION)
    assert verdict.reasons[0].startswith("mean ROC AUC on the welder's labels")
    assert any("agreement with the welder" in reason for reason in verdict.reasons)


def test_a_defect_that_becomes_common_is_drift_and_named(reference: Sample) -> None:
    rng = np.random.default_rng(6)
    taken = photographs(rng, 600)
    kept = np.flatnonzero(taken.labels[:, 5] | (rng.random(600) < 0.2))[:100]
    limits = calibrate(reference, 100, DECISIONS, SECTION)
    verdict = judge(reference, taken.take(kept), DECISIONS, limits, SECTION)
    assert any(reason.startswith(f"{CLASSES[5]}: 1") and "had this label" in reason for reason in verdict.reasons)


def test_limits_tighten_with_size(reference: Sample) -> None:
    small, large = (
        calibrate(reference, n, DECISIONS, SECTION).thresholds for n in (70, 300)
    )  # at 20 a class has no ROC AUC
    ranked = np.isin(np.arange(len(small)), np.arange(len(small))[statistics.ROC_AUC])
    assert (large <= small)[~ranked].all()
    assert large[ranked].mean() < small[ranked].mean(), "a hundred draws of a few cases: only their mean is sure"
    assert (large[:20] < small[:20]).all()


def test_a_perfect_reference_leaves_room_for_a_slip() -> None:
    rng = np.random.default_rng(5)
    perfect = photographs(rng, 200, skill=40)
    limits = calibrate(perfect, 100, DECISIONS, SECTION).thresholds
    assert (limits[statistics.AGREEMENT] > 1 / 100).all(), "one photograph of a hundred is chance"
    limits = calibrate(perfect, 50, DECISIONS, SECTION).thresholds
    assert (limits[statistics.ROC_AUC] > 1 / 7).all(), "and so is one of the seven that show a class"


def test_no_drift_has_no_reasons(reference: Sample) -> None:
    verdict = judge(reference, reference, DECISIONS, calibrate(reference, 300, DECISIONS, SECTION), SECTION)
    assert (verdict.outcome, verdict.reasons) == (NO_DRIFT, [])
    assert [row["name"] for row in verdict.rows] == list(statistics.NAMES)
    assert len(statistics.NAMES) == 6 + 1 + 4 * len(CLASSES)
