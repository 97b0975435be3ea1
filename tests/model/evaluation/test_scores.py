"""The numbers of reports/metrics.json."""

import json

import numpy as np
import pytest
from sklearn.metrics import average_precision_score
from weld_classes import CLASSES, WELD, of

from weldspot.config.sections.evaluate import Evaluate
from weldspot.labels import ClassList
from weldspot.model.evaluation import metrics, scores

SECTION = Evaluate(bootstrap=60, confidence=0.9, calibration_bins=10, seed=3)


def photographs(seed: int, count: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, probabilities (float32, some equal), and scenes of one to five photographs."""
    rng = np.random.default_rng(seed)
    truth = np.eye(7, dtype=np.uint8)[rng.integers(7, size=count)]
    probabilities = np.clip(truth * 0.3 + rng.uniform(0, 0.7, truth.shape), 0, 1).round(2).astype(np.float32)
    return truth, probabilities, np.array([f"scene {i}" for i in np.sort(rng.integers(count // 3, size=count))])


def intervals_as_they_always_were(
    truth: np.ndarray, probabilities: np.ndarray, groups: np.ndarray, section: Evaluate
) -> dict[str, list[float | None]]:
    """One resample after the other, each scored by scikit-learn."""
    members = [np.flatnonzero(groups == name) for name in np.unique(groups)]
    rng = np.random.default_rng(section.seed)
    drawn: dict[str, list[float]] = {"average_precision": [], "roc_auc": []}
    for _ in range(section.bootstrap):
        rows = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        drawn["average_precision"].append(metrics.mean(metrics.average_precision(truth[rows], probabilities[rows])))
        drawn["roc_auc"].append(metrics.mean(metrics.roc_auc(truth[rows], probabilities[rows])))
    tail = (1 - section.confidence) / 2
    return {
        name: [scores.rounded(float(np.nanquantile(values, q))) for q in (tail, 1 - tail)]
        for name, values in drawn.items()
    }


@pytest.mark.parametrize(("seed", "count"), [(0, 80), (2, 200), (3, 12)])
def test_intervals_are_to_six_digits_what_they_always_were(seed: int, count: int) -> None:
    truth, probabilities, groups = photographs(seed, count)
    found = scores.intervals(truth, probabilities, groups, SECTION)
    assert found == intervals_as_they_always_were(truth, probabilities, groups, SECTION)
    assert json.dumps(found)  # plain numbers


def test_no_resamples_give_no_interval_and_neither_do_images_of_one_outcome() -> None:
    truth, probabilities, groups = photographs(5)
    assert scores.intervals(truth, probabilities, groups, SECTION.model_copy(update={"bootstrap": 0})) == {}
    assert scores.intervals(np.zeros_like(truth), probabilities, groups, SECTION) == {}


def test_every_class_has_every_score_and_what_does_not_exist_is_null() -> None:
    truth, probabilities, _ = photographs(6)
    truth[:, 2] = 0
    found = scores.scores(WELD, truth, probabilities, np.full(7, 0.5), 10)
    assert found["images"] == 80
    assert list(found["per_class"]) == list(CLASSES)
    assert all(list(row) == list(scores.NAMES) for row in [found["mean"], *found["per_class"].values()])
    assert found["per_class"]["Crack"]["average_precision"] is None
    known = [average_precision_score(truth[:, k], probabilities[:, k]) for k in range(7) if k != 2]
    assert found["mean"]["average_precision"] == round(float(np.mean(known)), 6)


def test_a_slice_is_scored_by_itself() -> None:
    truth, probabilities, groups = photographs(7)
    parts = np.array(["export", "feedback"])[np.arange(80) % 2]
    found = scores.slices(truth, probabilities, groups, {"source": parts}, SECTION)
    assert list(found) == ["source=export", "source=feedback"]
    alone = scores.scores(WELD, truth[1::2], probabilities[1::2], np.full(7, 0.5), 10)
    interval = scores.intervals(truth[1::2], probabilities[1::2], groups[1::2], SECTION)["average_precision"]
    means = {n: alone["mean"][n] for n in ("average_precision", "roc_auc")}
    assert found["source=feedback"] == {"images": 40, "interval": interval} | means
    none = scores.slices(truth, probabilities, groups, {"a": parts}, SECTION.model_copy(update={"bootstrap": 0}))
    assert none["a=export"]["interval"] == [None, None]


def test_terciles_are_thirds() -> None:
    parts = scores.terciles(np.random.default_rng(0).permutation(30).astype(float))
    assert {name: int((parts == name).sum()) for name in ("low", "middle", "high")} == dict.fromkeys(
        ("low", "middle", "high"), 10
    )
    assert scores.terciles(np.zeros(0)).tolist() == []


def test_a_crop_is_taken_for_a_weld_when_any_other_class_reaches_its_threshold() -> None:
    thresholds = np.array([0.5, 0.5, 0.9, 0.5, 0.5, 0.5, 0.5])
    rows = np.zeros((4, 7), np.float32)
    rows[:, 0] = 0.99
    rows[1, 2] = 0.8  # a crack, but too unsure
    rows[2, 4], rows[3, 6] = 0.5, 0.7
    assert scores.crop_scores(WELD, rows, thresholds) == {"images": 4, "scored_as_object": 2}
    assert scores.crop_scores(WELD, rows[:0], thresholds) == {"images": 0, "scored_as_object": 0}


def test_an_exclusive_list_has_an_accuracy() -> None:
    classes = of(3, exclusive=True)
    truth = np.eye(3, dtype=np.uint8)[[0, 1, 2, 1]]
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.6, 0.2, 0.2], [0.1, 0.8, 0.1]])
    found = scores.scores(classes, truth, probabilities, np.full(3, 0.5), 10)
    assert found["mean"]["accuracy"] == 0.75
    assert "accuracy" not in scores.scores(of(3), truth, probabilities, np.full(3, 0.5), 10)["mean"]


def test_without_a_background_every_class_is_something() -> None:
    rows = np.array([[0.9, 0.1], [0.1, 0.1]])
    found = scores.crop_scores(ClassList(("Crack", "Pore")), rows, np.full(2, 0.5))
    assert found == {"images": 2, "scored_as_object": 1}
