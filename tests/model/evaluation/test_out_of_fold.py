"""Scores out of fold, read and summed up."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny
from weld_classes import CLASSES, WELD

from weldspot.config.sections.evaluate import Evaluate
from weldspot.images.dataset import Images
from weldspot.model.evaluation import class_thresholds, metrics, out_of_fold
from weldspot.runtime.state_files import Damaged

SECTION = Evaluate(bootstrap=50, confidence=0.9, calibration_bins=5, seed=0)


def written(path: Path, images: Images, probabilities: np.ndarray, folds: list[int]) -> Path:
    groups = [f"scene {row // 2}" for row in range(len(images))]
    table = {"id": images.ids, "group": groups, "fold": pa.array(folds, pa.int32()), "scores": list(probabilities)}
    pq.write_table(pa.table(table), path)
    return path


def test_every_scene_counts_and_the_order_of_the_file_does_not(tmp_path: Path) -> None:
    images, rng = tiny.images(42), np.random.default_rng(0)
    said = np.clip(images.labels * 0.5 + rng.uniform(0, 0.6, images.labels.shape), 0, 1).astype(np.float32)
    path = written(tmp_path / "a.parquet", images, said, [row // 2 % 3 for row in range(42)])
    found = out_of_fold.read(path, lambda: images)
    turned = pq.read_table(path).take(rng.permutation(42))
    pq.write_table(turned, tmp_path / "b.parquet")
    other = out_of_fold.read(tmp_path / "b.parquet", lambda: images)
    assert found is not None
    assert other is not None
    report = found.report(WELD, SECTION)
    assert (report["images"], report["scenes"], report["folds"]) == (42, 21, 3)
    wanted = metrics.mean(metrics.average_precision(images.labels, said))
    assert report["mean"]["average_precision"] == pytest.approx(wanted, abs=1e-6)
    assert other.report(WELD, SECTION)["mean"] == report["mean"]
    low, high = report["confidence_interval"]["average_precision"]
    assert low is not None
    assert high is not None
    assert 0 <= low <= wanted <= high <= 1
    one, two = (class_thresholds.best_thresholds(*each.measured()[:2]) for each in (found, other))
    assert np.array_equal(one, two)


def test_f1_is_of_thresholds_that_were_chosen_on_other_folds(tmp_path: Path) -> None:
    """One fold's scores are all lower: thresholds of the others miss every one of its photographs."""
    images = tiny.images(28)
    folds = [row // 2 % 2 for row in range(28)]
    said = np.where(images.labels == 1, 0.9, 0.6).astype(np.float32)
    said[np.array(folds) == 1] /= 3
    found = out_of_fold.read(written(tmp_path / "a.parquet", images, said, folds), lambda: images)
    assert found is not None
    assert found.report(WELD, SECTION)["per_class"][CLASSES[0]]["f1"] < 0.6  # type: ignore[operator]


def test_without_folds_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert out_of_fold.read(tmp_path / "none.parquet", lambda: pytest.fail("nothing need be read")) is None


@pytest.mark.parametrize("kind", ["leaks", "others", "classes"])
def test_what_does_not_fit_is_damage(kind: str, tmp_path: Path) -> None:
    images = tiny.images(14)
    said = np.full((14, 7 if kind != "classes" else 6), 0.5, np.float32)
    folds = [row % 2 if kind == "leaks" else 0 for row in range(14)]
    path = written(tmp_path / "a.parquet", images, said, folds)
    with pytest.raises(Damaged, match="a scene is in two folds" if kind == "leaks" else "not of these photographs"):
        out_of_fold.read(path, lambda: images if kind != "others" else images.take(np.arange(7)))
