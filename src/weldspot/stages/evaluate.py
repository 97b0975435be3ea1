"""evaluate: how good the model is on scenes it has never seen, and the drift gate's reference."""

from pathlib import Path

import keras
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config.parameters import Evaluate, Params
from weldspot.runtime.errors import WeldspotError
from weldspot.images import dataset, table
from weldspot.labels import CLASSES
from weldspot.model.evaluation import curves, metrics, scores
from weldspot.model.network import classifier
from weldspot.model.training import minibatches
from weldspot.model.network.embedding import embed
from weldspot.runtime.atomic import whole, write_json
from weldspot.tracking import runs


def main(params: Params) -> None:
    """Writes artifacts/evaluate (thresholds, predictions, reference), reports/metrics.json and reports/evaluate/."""
    section = params.evaluate
    model = classifier.load(Path("artifacts/train"))
    score = classifier.scorer(model)
    val, test, robust = (dataset.load(name) for name in ("val", "test", "robustness"))
    robust = robust.take(np.flatnonzero(robust.variants == 1))  # the other variants say the same, at their multiple
    if not len(val) or not len(test):
        raise WeldspotError("artifacts/split: no images to evaluate on; see reports/split/report.json")
    print(f"evaluate: {len(val)} validation, {len(test)} test and {len(robust)} robustness images")
    val_scores = minibatches.predict(score, val)[0]
    test_scores, heatmaps = minibatches.predict(score, test)
    thresholds = metrics.best_thresholds(val.labels, val_scores)
    quality = _quality()
    found = _numbers(section, score, test, test_scores, robust, thresholds, quality)
    with whole(Path("artifacts/evaluate")) as folder:
        write_json(folder / "thresholds.json", dict(zip(CLASSES, thresholds.round(6).tolist(), strict=True)))
        rows = _predictions("val", val, val_scores) + _predictions("test", test, test_scores)
        pq.write_table(pa.Table.from_pylist(rows), folder / "predictions.parquet", compression="zstd")
        _write_reference(folder / "reference.parquet", rows, [val, test], quality)
    with whole(Path("reports/evaluate")) as folder:
        curves.write_curves(folder, test.labels, test_scores, section.calibration_bins)
        curves.write_confusion(folder / "confusion.csv", test.labels, test_scores, thresholds)
        curves.write_heatmaps(folder / "heatmaps.png", _tiles(test, test_scores, heatmaps, thresholds))
    write_json(Path("reports/metrics.json"), found)
    with runs.stage_run(params, "evaluate") as run:
        run.metrics({f"test.{name}": value for name, value in found["mean"].items()})
        run.metrics({f"test.{c}.{n}": v for c, row in found["per_class"].items() for n, v in row.items()})
        run.artifacts(Path("reports/evaluate"))
        run.artifacts(Path("reports/metrics.json"))
    low, high = found["confidence_interval"].get("average_precision", [None, None])
    print(
        f"evaluate: mean AP {found['mean']['average_precision']} ({section.confidence:.0%} interval {low} to {high}), "
        f"mean AUC {found['mean']['roc_auc']}; pictures in reports/evaluate/"
    )


def _numbers(
    section: Evaluate,
    score: keras.Model,
    test: dataset.Images,
    probabilities: np.ndarray,
    robust: dataset.Images,
    thresholds: np.ndarray,
    quality: dict[str, dict],
) -> dict:
    found = scores.scores(test.labels, probabilities, thresholds, section.calibration_bins)
    found["confidence_interval"] = scores.intervals(test.labels, probabilities, test.groups, section)
    rows = [quality[i] for i in test.ids]
    parts = {"source": np.array([row["source"] for row in rows])}
    for name in ("brightness", "sharpness"):
        parts[name] = scores.terciles(np.array([row[name] for row in rows]))
    found["slices"] = scores.slices(test.labels, probabilities, parts)
    if len(robust):
        scored = minibatches.predict(score, robust)[0]
        found["slices"] |= scores.slices(robust.labels, scored, {"augmented": np.full(len(robust), "yes")})
    return found


def _quality() -> dict[str, dict]:
    """id → source and quality statistics."""
    columns = ["id", "source", *table.QUALITY]
    return {row["id"]: row for row in table.column_table(dataset.PREPROCESSED, columns).to_pylist()}


def _predictions(split: str, images: dataset.Images, probabilities: np.ndarray) -> list[dict]:
    rows = []
    for i, image_id in enumerate(images.ids):
        row: dict = {"id": image_id, "split": split, "group": str(images.groups[i])}
        row["labels"] = [name for name, there in zip(CLASSES, images.labels[i], strict=True) if there]
        rows.append(row | dict(zip(CLASSES, map(float, probabilities[i]), strict=True)))
    return rows


def _write_reference(path: Path, rows: list[dict], parts: list[dataset.Images], quality: dict[str, dict]) -> None:
    """What the drift gate compares feedback with: labels, scores, quality statistics and embeddings."""
    embeddings = np.concatenate([embed(images) for images in parts])
    extra = [{name: quality[row["id"]][name] for name in ("source", *table.QUALITY)} for row in rows]
    merged = pa.Table.from_pylist([row | more for row, more in zip(rows, extra, strict=True)])
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(embeddings.ravel()), embeddings.shape[1])
    pq.write_table(merged.append_column("embedding", vectors), path, compression="zstd")


def _tiles(
    test: dataset.Images, probabilities: np.ndarray, heatmaps: np.ndarray, thresholds: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray, str]]:
    """Per class the surest hit, then the worst misses and false alarms: where did the model look?"""
    chosen: list[tuple[int, int, str]] = []
    for column in range(len(CLASSES)):
        there = np.flatnonzero(test.labels[:, column])
        best = sorted(there, key=lambda i: -probabilities[i, column])[:2]
        chosen += [(int(i), column, "hit") for i in best if probabilities[i, column] >= thresholds[column]]
    error = np.where(test.labels == 1, thresholds - probabilities, probabilities - thresholds)
    for flat in np.argsort(-error, axis=None, kind="stable")[:10]:
        row, column = divmod(int(flat), len(CLASSES))
        if error[row, column] > 0:
            chosen.append((row, column, "missed" if test.labels[row, column] else "false alarm"))
    tiles = []
    for row, column, kind in chosen:
        truth = ", ".join(n for n, there in zip(CLASSES, test.labels[row], strict=True) if there)
        title = f"{kind}: {CLASSES[column]} {probabilities[row, column]:.2f}\nis {truth}"
        tiles.append((test.decode(np.array([row]))[0], heatmaps[row, :, :, column], title))
    return tiles
