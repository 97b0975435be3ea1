"""The numbers of an evaluation: per class, averaged, with intervals over scenes, and by slice."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import numpy as np
from jaxtyping import Float, Shaped

from weldspot.config.sections.evaluate import Evaluate
from weldspot.labels import ClassList
from weldspot.model.evaluation import cluster_bootstrap, metrics
from weldspot.model.evaluation.metrics import PerClass, Scores, Truth
from weldspot.model.evaluation.missed import ClassBound
from weldspot.model.evaluation.pointing import ClassPlaces
from weldspot.runtime.plugins import resolver

ClassScores = dict[str, float | None]  # score → value with six digits; None, which JSON can say, where there is none
NAMES = ("average_precision", "roc_auc", "f1", "calibration_error")


class SliceScores(TypedDict):
    """Mean scores of a part of the images; `interval`: of the mean average precision, over scenes."""

    images: int
    average_precision: float | None
    interval: list[float | None]
    roc_auc: float | None


class CropScores(TypedDict):
    """Crops of background in validation and test: nobody looked at them before they were labelled."""

    images: int
    scored_as_object: int  # another class than the background reaches its threshold


class FoldReport(TypedDict):
    """Of all originals: how many, of how many scenes in how many folds, scores and their intervals over scenes."""

    images: int
    scenes: int
    folds: int
    mean: ClassScores
    per_class: dict[str, ClassScores]
    confidence_interval: dict[str, list[float | None]]


class Report(TypedDict):
    """reports/metrics.json: scores of the test originals."""

    images: int
    mean: ClassScores
    per_class: dict[str, ClassScores]
    confidence_interval: NotRequired[dict[str, list[float | None]]]  # mean score → low, high
    slices: NotRequired[dict[str, SliceScores]]
    background_crops: NotRequired[CropScores]
    out_of_fold: NotRequired[FoldReport]
    where: NotRequired[dict[str, ClassPlaces]]
    missed: NotRequired[dict[str, ClassBound]]


def rounded(value: float) -> float | None:
    """Six digits; None for a score that does not exist."""
    return None if np.isnan(value) else round(float(value), 6)


def scores(
    classes: ClassList,
    truth: Truth,
    probabilities: Scores,
    class_thresholds: PerClass,
    bins: int,
    extra: Sequence[str] = (),
) -> Report:
    """Every score of each class, their means, and of an exclusive list the accuracy (of the most probable class).

    `extra`: names of metrics outside the package.
    """
    predicted = (probabilities >= class_thresholds).astype(np.uint8)
    values = {
        "average_precision": metrics.average_precision(truth, probabilities),
        "roc_auc": metrics.roc_auc(truth, probabilities),
        "f1": metrics.f1(truth, predicted),
        "calibration_error": metrics.calibration_error(truth, probabilities, bins),
    }
    values |= {resolver.title(name): _own(name, truth, probabilities) for name in extra}
    per_class = {c: {name: rounded(value[i]) for name, value in values.items()} for i, c in enumerate(classes.names)}
    mean = {name: rounded(metrics.mean(value)) for name, value in values.items()}
    if classes.exclusive:
        mean["accuracy"] = rounded(metrics.accuracy(truth, probabilities))
    return {"images": len(truth), "mean": mean, "per_class": per_class}


def _own(name: str, truth: Truth, probabilities: Scores) -> PerClass:
    """A metric outside the package: a function of (truth, probabilities) → a number for each class, NaN for none."""
    plugin = resolver.load("metrics", name)
    given = plugin(truth.copy(), probabilities.copy())
    found = np.asarray(given) if isinstance(given, np.ndarray | list | tuple) else np.array(None)
    if found.shape != truth.shape[1:] or found.dtype.kind not in "fiub":
        shown = f"{found.dtype}{list(found.shape)}" if isinstance(given, np.ndarray) else type(given).__name__
        raise plugin.unfit(f"gives {shown}, not one number for each of {truth.shape[1]} classes")
    return np.where(np.isfinite(found), found, np.nan).astype(np.float64)


def crop_scores(classes: ClassList, probabilities: Scores, class_thresholds: PerClass) -> CropScores:
    """How many of the crops the model sees something in."""
    objects = [name != classes.background for name in classes.names]
    shown = (probabilities >= class_thresholds)[:, objects].any(axis=1)
    return {"images": len(probabilities), "scored_as_object": int(shown.sum())}


def intervals(
    truth: Truth, probabilities: Scores, groups: Shaped[np.ndarray, " n"], section: Evaluate
) -> dict[str, list[float | None]]:
    """Percentile bootstrap of both means over scenes; empty where no resample has a score."""
    names, index = cluster_bootstrap.scene_index(groups)
    picks = np.random.default_rng(section.seed).integers(len(names), size=(section.bootstrap, len(names)))
    if not section.bootstrap:
        return {}
    weights = cluster_bootstrap.photograph_weights(cluster_bootstrap.scene_counts(picks), index)
    drawn = {
        "average_precision": cluster_bootstrap.weighted_average_precision(truth, probabilities, weights),
        "roc_auc": cluster_bootstrap.weighted_roc_auc(truth, probabilities, weights),
    }
    means = {name: np.array([metrics.mean(row) for row in values]) for name, values in drawn.items()}
    return {
        name: [rounded(bound) for bound in cluster_bootstrap.interval(values, section.confidence)]
        for name, values in means.items()
        if not np.all(np.isnan(values))
    }


def slices(
    truth: Truth,
    probabilities: Scores,
    groups: Shaped[np.ndarray, " n"],
    names: dict[str, np.ndarray],
    section: Evaluate,
) -> dict[str, SliceScores]:
    """Mean scores of each part: `names` gives, for each slicing, the part of each image."""
    found: dict[str, SliceScores] = {}
    for slicing, parts in names.items():
        for part in sorted(set(parts.tolist())):
            rows = parts == part
            found[f"{slicing}={part}"] = {
                "images": int(rows.sum()),
                "average_precision": rounded(metrics.mean(metrics.average_precision(truth[rows], probabilities[rows]))),
                "interval": intervals(truth[rows], probabilities[rows], groups[rows], section).get(
                    "average_precision", [None, None]
                ),
                "roc_auc": rounded(metrics.mean(metrics.roc_auc(truth[rows], probabilities[rows]))),
            }
    return found


def terciles(values: Float[np.ndarray, " n"]) -> Shaped[np.ndarray, " n"]:
    """low, middle or high for each value."""
    low, high = np.quantile(values, [1 / 3, 2 / 3]) if len(values) else (0, 0)
    return np.where(values <= low, "low", np.where(values <= high, "middle", "high"))
