"""evaluate: how good the model is on scenes it has never seen, and the drift gate's reference."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.evaluate import Evaluate
from weldspot.config.sections.labels import ClassNames
from weldspot.config.sections.tracking import Tracking
from weldspot.images import dataset, table
from weldspot.labels import ClassList
from weldspot.model.evaluation import (
    class_thresholds,
    curves,
    heatmaps,
    missed,
    nearest_scenes,
    out_of_fold,
    pointing,
    reference,
    scores,
)
from weldspot.model.network import classifier
from weldspot.model.network.embedding import embed
from weldspot.model.network.inference import predict
from weldspot.runtime.atomic import replacing_folder, write_json
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs
from weldspot.tracking.changes import changed_parameters, sentence

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_Known = dict[str, dict[str, Any]]  # id → its source, name and quality statistics


class Params(StageParams):
    """What the stage reads."""

    labels: ClassNames
    evaluate: Evaluate
    tracking: Tracking


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/evaluate (thresholds, predictions, reference), reports/metrics.json and reports/evaluate/.

    Raises:
        WeldspotError: there is nothing to evaluate on, no model, a bound of no class, or MLflow does not answer.
    """
    section, classes = params.evaluate, params.labels.class_list()
    missed.required(classes, section.max_missed)
    model = classifier.load(workspace.artifact("train"), classes)
    score = classifier.scorer(model, classes.exclusive)
    val, test, robust = (dataset.load(workspace, classes, name) for name in ("val", "test", "robustness"))
    robust = robust.take(np.flatnonzero(robust.variants == 1))  # the other variants say the same, at their multiple
    if not len(val) or not len(test):
        raise WeldspotError("artifacts/split: no images to evaluate on; see reports/split/report.json")
    print(f"evaluate: {len(val)} validation, {len(test)} test and {len(robust)} robustness images")
    val_scores = predict(score, val)[0]
    test_scores, maps = predict(score, test)
    folds = out_of_fold.read(
        workspace.artifact("train") / out_of_fold.FILE,
        lambda: dataset.load(workspace, classes, "train", "val", "test", variants=False),
    )
    apart = folds.measured() if folds else (val.labels, val_scores, val.groups)
    thresholds = class_thresholds.best_thresholds(*apart[:2])
    quality = table.column_table(workspace.artifact("preprocess"), ["id", "source", "name", *table.QUALITY])
    found = scores.scores(classes, test.labels, test_scores, thresholds, section.calibration_bins, section.metrics)
    found["confidence_interval"] = scores.intervals(test.labels, test_scores, test.groups, section)
    known = {row["id"]: row for row in quality.to_pylist()}
    found["slices"] = _slices(test, test_scores, known, predict(score, robust)[0], robust, section)
    if folds:
        found["out_of_fold"] = folds.report(classes, section)
    found["missed"] = missed.bounds(classes, apart, thresholds, section.max_missed, section.missed_confidence)
    found["where"] = pointing.measured(test, maps)
    found["background_crops"] = _crops(
        classes, [*val.ids, *test.ids], np.vstack([val_scores, test_scores]), thresholds, known
    )
    with replacing_folder(workspace.artifact("evaluate")) as folder:
        write_json(folder / "thresholds.json", dict(zip(classes.names, thresholds.round(6).tolist(), strict=True)))
        levels = {name: bound["free_below"] for name, bound in found["missed"].items()}
        parts = {name: [part["average_precision"], *part["interval"]] for name, part in found["slices"].items()}
        write_json(folder / "slices.json", parts)
        write_json(folder / "free_below.json", {name: level for name, level in levels.items() if level is not None})
        tables = [reference.predictions("val", val, val_scores), reference.predictions("test", test, test_scores)]
        predictions = pa.concat_tables(tables).combine_chunks()
        pq.write_table(predictions, folder / "predictions.parquet", compression="zstd")
        test_embeddings = embed(test)
        embeddings = np.concatenate([embed(val), test_embeddings])
        reference.write_reference(folder / "reference.parquet", predictions, quality, embeddings)
    with replacing_folder(workspace.report("evaluate")) as folder:
        curves.write_curves(folder, classes, test.labels, test_scores, section.calibration_bins)
        curves.write_confusion(folder / "confusion.csv", classes, test.labels, test_scores, thresholds)
        shown = heatmaps.tiles(test, test_scores, maps, thresholds, [known[i]["name"] for i in test.ids])
        heatmaps.write_heatmaps(folder / "heatmaps.png", shown)
        likeness = _likeness(workspace, folder, test, test_embeddings, known)
    write_json(workspace.metrics, found)
    _record(workspace, params.tracking, found)
    _say(classes, found, section.confidence, likeness)


def _say(classes: ClassList, found: scores.Report, confidence: float, likeness: str) -> None:
    if unscored := [name for name, row in found["per_class"].items() if row["average_precision"] is None]:
        print(f"evaluate: warning: no score for {', '.join(unscored)}: on none of the test photographs, or on all")
    if (crops := found["background_crops"])["images"]:
        print(
            f"evaluate: the model sees something in {crops['scored_as_object']} of {crops['images']} "
            f"{classes.background} crops of validation and test"
        )
    print(f"evaluate: {_where(found['where'])}")
    print(f"evaluate: {_missed(classes, found['missed'])}")
    low, high = found["confidence_interval"].get("average_precision", [None, None])
    print(f"evaluate: {likeness}; see nearest_scenes.png")
    if "out_of_fold" in found:
        print(f"evaluate: {_over_all_scenes(found['out_of_fold'], confidence)}")
    accuracy = f", accuracy {found['mean']['accuracy']}" if classes.exclusive else ""
    print(
        f"evaluate: mean AP {found['mean']['average_precision']} ({confidence:.0%} interval {low} to {high}), "
        f"mean AUC {found['mean']['roc_auc']}{accuracy}; pictures in reports/evaluate/"
    )


def _missed(classes: ClassList, found: dict[str, missed.ClassBound]) -> str:
    bound = [
        f"{name} below {row['free_below']:.3f} (at most {row['at_most']:.0%} missed with confidence "
        f"{row['confidence']:.0%}, by {row['scenes']} scenes; {row['unsure']:.0%} of all photographs unsure)"
        for name, row in found.items()
        if row["free_below"] is not None
    ]
    few = [f"{name} ({row['scenes']})" for name, row in found.items() if row["free_below"] is None]
    free = [f"a photograph is called free of {', of '.join(bound)}"] if bound else []
    unasked = [name for name in classes.names if name != classes.background and name not in found]
    return "; ".join(
        free
        + ([f"too few scenes to bound what is missed of {', '.join(few)}"] if few else [])
        + ([f"evaluate.max_missed asks for no bound of {', '.join(unasked)}"] if unasked else [])
    )


def _over_all_scenes(found: scores.FoldReport, confidence: float) -> str:
    low, high = found["confidence_interval"].get("average_precision", [None, None])
    return (
        f"every one of {found['scenes']} scenes scored by a model that has not seen it ({found['folds']} folds): mean "
        f"AP {found['mean']['average_precision']} ({confidence:.0%} interval {low} to {high}), mean AUC "
        f"{found['mean']['roc_auc']}; the thresholds are from these scores"
    )


def _where(found: dict[str, pointing.ClassPlaces]) -> str:
    """What the maps are worth, in a sentence."""
    right, middle = pointing.mean(found, "pointing"), pointing.mean(found, "centre")
    if right is None or middle is None:
        return "the maps are not measured: no test photograph has a box; a phone shows none of them"
    near, iou = pointing.mean(found, "pointing_near"), pointing.mean(found, "iou")
    said = f"the maps point into a box in {right:.0%} of cases, within a cell of one in {near:.0%} (IoU {iou:.2f})"
    hidden = [name for name, row in found.items() if not pointing.better_than_the_centre(row)]
    lost = f"; a phone shows none of {', '.join(hidden)}, which it does no better" if hidden else ""
    return f"{said}; the picture's middle lies in one in {middle:.0%}{lost}"


def _likeness(
    workspace: "Workspace",
    folder: Path,
    test: dataset.Images,
    embeddings: Float[np.ndarray, "n channels"],
    known: _Known,
) -> str:
    """Writes how like the training scenes the test scenes are; returns it in a sentence."""
    source_of, name_of = ({i: row[column] for i, row in known.items()} for column in ("source", "name"))
    there = nearest_scenes.whole(test, source_of)
    test, embeddings = test.take(there), embeddings[there]
    train = dataset.load(workspace, test.classes, "train", variants=False)
    train = train.take(nearest_scenes.whole(train, source_of, nearest_scenes.MAX_TRAIN))
    pairs = nearest_scenes.nearest(embeddings, test.groups, embed(train)) if len(train) else []
    nearest_scenes.write(folder, pairs, test, train, name_of)
    return nearest_scenes.sentence(pairs, len(train), nearest_scenes.within_scenes(embeddings, test.groups))


def _crops(
    classes: ClassList, ids: list[str], probabilities: np.ndarray, thresholds: np.ndarray, known: _Known
) -> scores.CropScores:
    cropped = np.array([known[i]["source"] == "crop" for i in ids])
    return scores.crop_scores(classes, probabilities[cropped], thresholds)


def _slices(
    test: dataset.Images, given: np.ndarray, known: _Known, robust_given: np.ndarray, robust: dataset.Images,
    section: Evaluate,
) -> dict[str, scores.SliceScores]:  # fmt: skip
    """By source, brightness and sharpness, and on augmented copies of the test images."""
    rows = [known[i] for i in test.ids]
    parts = {"source": np.array([row["source"] for row in rows])}
    for name in ("brightness", "sharpness"):
        parts[name] = scores.terciles(np.array([row[name] for row in rows]))
    found = scores.slices(test.labels, given, test.groups, parts, section)
    if len(robust):
        augmented = {"augmented": np.full(len(robust), "yes")}
        found |= scores.slices(robust.labels, robust_given, robust.groups, augmented, section)
    return found


def _record(workspace: "Workspace", section: Tracking, found: scores.Report) -> None:
    with runs.stage_run(workspace, section, "evaluate") as run:
        run.metrics({f"test.{name}": value for name, value in found["mean"].items()})
        run.metrics({f"test.{c}.{n}": v for c, row in found["per_class"].items() for n, v in row.items()})
        run.metrics({f"test.{c}.where.{n}": row[n] for c, row in found["where"].items() for n in ("pointing", "iou")})
        if "out_of_fold" in found:
            run.metrics({f"out_of_fold.{name}": value for name, value in found["out_of_fold"]["mean"].items()})
        run.artifacts(workspace.report("evaluate"))
        run.artifacts(workspace.metrics)
        run.describe(_note(workspace, found))


def _note(workspace: "Workspace", found: scores.Report) -> str:
    """What is to be read above the run: its scores, and what was changed for it."""
    mean, changed = found["mean"], changed_parameters(workspace)
    ap, auc = (
        "not measured" if mean[name] is None else f"{mean[name]:.4f}" for name in ("average_precision", "roc_auc")
    )
    lines = [f"mean AP **{ap}**, mean ROC AUC **{auc}** on {found['images']} test photographs."]
    return " ".join(filter(None, [*lines, sentence(changed)]))
