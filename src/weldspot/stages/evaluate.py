"""evaluate: how good the model is on scenes it has never seen, and the drift gate's reference."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.evaluate import Evaluate
from weldspot.config.sections.tracking import Tracking
from weldspot.images import dataset, table
from weldspot.labels import CLASSES
from weldspot.model.evaluation import class_thresholds, curves, heatmaps, reference, scores
from weldspot.model.network import classifier
from weldspot.model.network.embedding import embed
from weldspot.model.network.inference import predict
from weldspot.runtime.atomic import replacing_folder, write_json
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs

if TYPE_CHECKING:
    import keras

    from weldspot.workspace import Workspace


class Params(StageParams):
    """What the stage reads."""

    evaluate: Evaluate
    tracking: Tracking


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/evaluate (thresholds, predictions, reference), reports/metrics.json and reports/evaluate/.

    Raises:
        WeldspotError: there is nothing to evaluate on, no model, or MLflow does not answer.
    """
    section = params.evaluate
    model = classifier.load(workspace.artifact("train"))
    score = classifier.scorer(model)
    val, test, robust = (dataset.load(workspace, name) for name in ("val", "test", "robustness"))
    robust = robust.take(np.flatnonzero(robust.variants == 1))  # the other variants say the same, at their multiple
    if not len(val) or not len(test):
        raise WeldspotError("artifacts/split: no images to evaluate on; see reports/split/report.json")
    print(f"evaluate: {len(val)} validation, {len(test)} test and {len(robust)} robustness images")
    val_scores = predict(score, val)[0]
    test_scores, maps = predict(score, test)
    thresholds = class_thresholds.best_thresholds(val.labels, val_scores)
    quality = table.column_table(workspace.artifact("preprocess"), ["id", "source", *table.QUALITY])
    found = scores.scores(test.labels, test_scores, thresholds, section.calibration_bins)
    found["confidence_interval"] = scores.intervals(test.labels, test_scores, test.groups, section)
    found["slices"] = _slices(test, test_scores, quality, score, robust)
    with replacing_folder(workspace.artifact("evaluate")) as folder:
        write_json(folder / "thresholds.json", dict(zip(CLASSES, thresholds.round(6).tolist(), strict=True)))
        tables = [reference.predictions("val", val, val_scores), reference.predictions("test", test, test_scores)]
        predictions = pa.concat_tables(tables).combine_chunks()
        pq.write_table(predictions, folder / "predictions.parquet", compression="zstd")
        embeddings = np.concatenate([embed(images) for images in (val, test)])
        reference.write_reference(folder / "reference.parquet", predictions, quality, embeddings)
    with replacing_folder(workspace.report("evaluate")) as folder:
        curves.write_curves(folder, test.labels, test_scores, section.calibration_bins)
        curves.write_confusion(folder / "confusion.csv", test.labels, test_scores, thresholds)
        heatmaps.write_heatmaps(folder / "heatmaps.png", heatmaps.tiles(test, test_scores, maps, thresholds))
    write_json(workspace.metrics, found)
    _record(workspace, params.tracking, found)
    low, high = found["confidence_interval"].get("average_precision", [None, None])
    print(
        f"evaluate: mean AP {found['mean']['average_precision']} ({section.confidence:.0%} interval {low} to {high}), "
        f"mean AUC {found['mean']['roc_auc']}; pictures in reports/evaluate/"
    )


def _slices(
    test: dataset.Images, probabilities: np.ndarray, quality: pa.Table, score: "keras.Model", robust: dataset.Images
) -> dict[str, scores.SliceScores]:
    """By source, brightness and sharpness, and on augmented copies of the test images."""
    by_id = {row["id"]: row for row in quality.to_pylist()}
    rows = [by_id[i] for i in test.ids]
    parts = {"source": np.array([row["source"] for row in rows])}
    for name in ("brightness", "sharpness"):
        parts[name] = scores.terciles(np.array([row[name] for row in rows]))
    found = scores.slices(test.labels, probabilities, parts)
    if len(robust):
        augmented = {"augmented": np.full(len(robust), "yes")}
        found |= scores.slices(robust.labels, predict(score, robust)[0], augmented)
    return found


def _record(workspace: "Workspace", section: Tracking, found: scores.Report) -> None:
    with runs.stage_run(workspace, section, "evaluate") as run:
        run.metrics({f"test.{name}": value for name, value in found["mean"].items()})
        run.metrics({f"test.{c}.{n}": v for c, row in found["per_class"].items() for n, v in row.items()})
        run.artifacts(workspace.report("evaluate"))
        run.artifacts(workspace.metrics)
