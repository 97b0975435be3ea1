"""The numbers of an evaluation: per class, averaged, with intervals over groups, and by slice."""

import numpy as np

from weldspot.config.parameters import Evaluate
from weldspot.labels import CLASSES
from weldspot.model.evaluation import metrics

SCORES = ("average_precision", "roc_auc", "f1", "calibration_error")


def rounded(value: float) -> float | None:
    """Six digits; None, which JSON can say, for a score that does not exist."""
    return None if np.isnan(value) else round(float(value), 6)


def scores(truth: np.ndarray, probabilities: np.ndarray, thresholds: np.ndarray, bins: int) -> dict:
    """`images`, `mean` and `per_class` of truth uint8[n, 7] and probabilities float[n, 7]."""
    predicted = (probabilities >= thresholds).astype(np.uint8)
    values = {
        "average_precision": metrics.average_precision(truth, probabilities),
        "roc_auc": metrics.roc_auc(truth, probabilities),
        "f1": metrics.f1(truth, predicted),
        "calibration_error": metrics.calibration_error(truth, probabilities, bins),
    }
    per_class = {c: {name: rounded(values[name][i]) for name in SCORES} for i, c in enumerate(CLASSES)}
    mean = {name: rounded(metrics.mean(values[name])) for name in SCORES}
    return {"images": len(truth), "mean": mean, "per_class": per_class}


def intervals(truth: np.ndarray, probabilities: np.ndarray, groups: np.ndarray, section: Evaluate) -> dict:
    """Percentile bootstrap of both means over groups: images of one scene are not independent draws."""
    members = [np.flatnonzero(groups == name) for name in np.unique(groups)]
    rng = np.random.default_rng(section.seed)
    drawn: dict[str, list[float]] = {"average_precision": [], "roc_auc": []}
    for _ in range(section.bootstrap):
        rows = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        drawn["average_precision"].append(metrics.mean(metrics.average_precision(truth[rows], probabilities[rows])))
        drawn["roc_auc"].append(metrics.mean(metrics.roc_auc(truth[rows], probabilities[rows])))
    tail = (1 - section.confidence) / 2
    return {
        name: [rounded(np.nanquantile(values, q)) for q in (tail, 1 - tail)]
        for name, values in drawn.items()
        if values and not np.all(np.isnan(values))
    }


def slices(truth: np.ndarray, probabilities: np.ndarray, names: dict[str, np.ndarray]) -> dict:
    """Mean scores of each part: `names` gives a slicing's part of each image."""
    found: dict[str, dict] = {}
    for slicing, parts in names.items():
        for part in sorted(set(parts.tolist())):
            rows = parts == part
            found[f"{slicing}={part}"] = {
                "images": int(rows.sum()),
                "average_precision": rounded(metrics.mean(metrics.average_precision(truth[rows], probabilities[rows]))),
                "roc_auc": rounded(metrics.mean(metrics.roc_auc(truth[rows], probabilities[rows]))),
            }
    return found


def terciles(values: np.ndarray) -> np.ndarray:
    """low, middle or high for each value."""
    low, high = np.quantile(values, [1 / 3, 2 / 3]) if len(values) else (0, 0)
    return np.where(values <= low, "low", np.where(values <= high, "middle", "high"))
