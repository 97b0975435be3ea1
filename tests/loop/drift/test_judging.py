"""What is said of feedback that has changed, and of feedback that has not."""

import json

import numpy as np
import pytest
from judged import CASE, RATE, SECTION, THRESHOLDS, photographs
from weld_classes import CLASSES

from weldspot.contracts.verdict import Statistic, Verdict
from weldspot.loop.drift import judging, statistics
from weldspot.loop.drift.calibration import DriftLimits, calibrate
from weldspot.loop.drift.judging import DRIFT, INSUFFICIENT, NO_DRIFT, judge, too_few
from weldspot.loop.drift.sample import Sample


@pytest.fixture(scope="module")
def reference() -> Sample:
    return photographs(np.random.default_rng(1), 300)


@pytest.fixture(scope="module")
def limits(reference: Sample) -> DriftLimits:
    """For a hundred photographs."""
    return calibrate(reference, 100, THRESHOLDS, SECTION, RATE)


def test_no_change_is_no_drift(reference: Sample, limits: DriftLimits) -> None:
    rng = np.random.default_rng(2)
    verdicts = [judge(CASE, reference, photographs(rng, 100), THRESHOLDS, limits, SECTION) for _ in range(20)]
    assert sum(v.outcome == DRIFT for v in verdicts) <= 4  # 5 % are expected; more than 4 of 20 has odds of 1 in 400


def test_a_shift_is_named_with_its_size(reference: Sample, limits: DriftLimits) -> None:
    moved = judge(CASE, reference, photographs(np.random.default_rng(3), 100, shift=1.5), THRESHOLDS, limits, SECTION)
    assert moved.outcome == DRIFT
    assert any(reason.startswith("brightness: median") for reason in moved.reasons)
    row = next(row for row in moved.statistics or [] if row.name == "quality: brightness")
    assert row.moved
    assert row.value > row.limit


def test_a_model_that_is_wrong_is_drift_though_the_pictures_are_the_same(
    reference: Sample, limits: DriftLimits
) -> None:
    rng = np.random.default_rng(4)
    wrong = photographs(rng, 100)
    labels = wrong.labels[rng.permutation(100)]
    wrong = Sample(CLASSES, wrong.quality, wrong.scores, labels, wrong.embeddings, wrong.groups)
    verdict = judge(CASE, reference, wrong, THRESHOLDS, limits, SECTION)
    assert verdict.reasons[0].startswith("mean ROC AUC on the welder's labels")
    assert any("agreement with the welder" in reason for reason in verdict.reasons)


def test_a_defect_that_becomes_common_is_drift_and_named(reference: Sample, limits: DriftLimits) -> None:
    rng = np.random.default_rng(6)
    taken = photographs(rng, 600)
    kept = np.flatnonzero(taken.labels[:, 5] | (rng.random(600) < 0.2))[:100]
    verdict = judge(CASE, reference, taken.take(kept), THRESHOLDS, limits, SECTION)
    assert any(reason.startswith(f"{CLASSES[5]}: ") and "have this label, 1" in reason for reason in verdict.reasons)


def test_no_drift_has_no_reasons(reference: Sample, limits: DriftLimits) -> None:
    verdict = judge(CASE, reference, reference, THRESHOLDS, limits, SECTION)
    assert (verdict.outcome, verdict.reasons) == (NO_DRIFT, [])
    assert [row.name for row in verdict.statistics or []] == list(statistics.names(CLASSES))
    assert len(statistics.names(CLASSES)) == 6 + 1 + 4 * len(CLASSES)


def test_the_verdict_names_the_case_and_survives_its_file(reference: Sample, limits: DriftLimits) -> None:
    verdict = judge(CASE, reference, reference, THRESHOLDS, limits, SECTION)
    assert (verdict.at, verdict.model, verdict.batches, verdict.images) == (CASE.at, CASE.model, ["a"], 100)
    assert (verdict.judged, verdict.reference, verdict.false_alarm_rate) == (300, 300, RATE)
    assert Verdict.parse(verdict.json_bytes(), "here") == verdict


def test_too_few_say_how_many_and_nothing_that_was_not_measured() -> None:
    verdict = too_few(CASE, SECTION.model_copy(update={"min_images": 200}))
    assert verdict.outcome == INSUFFICIENT
    assert verdict.reasons == ["100 photographs wait to be judged, 200 are asked for (loop.gate.min_images)"]
    assert b"statistics" not in verdict.json_bytes()


@pytest.mark.parametrize(
    ("name", "then", "now", "said"),
    [
        ("quality: noise", 2.16, 2.9, "noise: median 2.9, was 2.2 (distance 0.50, limit 0.20)"),
        ("score: Crack", 0.18, 0.27, "score of Crack: mean 0.27, was 0.18 (distance 0.50, limit 0.20)"),
        ("label: Crack", 0.1, 0.6, "Crack: 60% of the photographs have this label, 10% had (limit 20% apart)"),
        ("embedding", None, None, "the pictures: a classifier tells them from the reference's (AUC 1.00, limit 0.70)"),
        ("ROC AUC: Crack", 0.99, 0.49, "Crack: ROC AUC 0.490, was 0.990 (loss 0.500, limit 0.200)"),
        (
            "agreement: Crack",
            1.0,
            0.5,
            "Crack: agreement with the welder 0.500, was 1.000 (loss 0.500, limit 0.200)",
        ),
    ],
)
def test_what_moved_is_a_sentence(name: str, then: float | None, now: float | None, said: str) -> None:
    moved = Statistic(name=name, value=0.5, limit=0.2, moved=True, reference=then, feedback=now)
    assert judging._sentence(moved) == said


def test_what_can_not_be_measured_is_no_calm_and_is_named(reference: Sample, limits: DriftLimits) -> None:
    broken = Sample(
        CLASSES, reference.quality.copy(), reference.scores, reference.labels, reference.embeddings, reference.groups
    )
    broken.quality[3, 0] = np.nan
    verdict = judge(CASE, reference, broken, THRESHOLDS, limits, SECTION)
    assert (verdict.outcome, verdict.reasons) == (INSUFFICIENT, ["quality: brightness: can't be measured"])
    unlimited = DriftLimits(np.where(np.arange(len(statistics.names(CLASSES))) == 2, np.nan, limits.values), 100, RATE)
    verdict = judge(CASE, reference, reference, THRESHOLDS, unlimited, SECTION)
    assert (verdict.outcome, verdict.reasons) == (INSUFFICIENT, ["quality: sharpness: can't be measured"])
    json.dumps(json.loads(verdict.json_bytes()), allow_nan=False)


def test_labels_on_which_no_class_can_be_ranked_are_no_calm(reference: Sample, limits: DriftLimits) -> None:
    wide = DriftLimits(np.full(len(statistics.names(CLASSES)), 2.0), 100, RATE)
    alike = reference.take(np.flatnonzero(reference.labels[:, 2]))
    verdict = judge(CASE, reference, alike, THRESHOLDS, wide, SECTION)
    assert verdict.outcome == INSUFFICIENT
    assert verdict.reasons == ["ROC AUC on the welder's labels: no class has 5 photographs with it and as many without"]
    assert judge(CASE, reference, alike, THRESHOLDS, limits, SECTION).outcome == DRIFT, (
        "what moved is told all the same"
    )


@pytest.mark.parametrize("part", ["score", "label", "ROC AUC", "agreement"])
def test_scores_that_are_no_numbers_lose_nothing_in_silence(reference: Sample, part: str) -> None:
    scores = reference.scores.copy()
    scores[0, 2] = np.nan
    broken = Sample(CLASSES, reference.quality, scores, reference.labels, reference.embeddings, reference.groups)
    values = dict(zip(statistics.names(CLASSES), statistics.measure(reference, broken, THRESHOLDS), strict=True))
    assert np.isnan(values[f"{part}: Crack"]) == (part != "label")
    assert np.isfinite(values[f"{part}: Porosity"])
