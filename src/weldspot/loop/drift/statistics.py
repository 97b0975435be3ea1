"""What the gate watches: one number for each way in which feedback can differ from the reference; larger is worse."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Real, UInt8
from scipy.stats import rankdata

from weldspot.images.table import QUALITY
from weldspot.loop.drift.embedding_drift import classifier_auc
from weldspot.loop.drift.sample import Sample
from weldspot.runtime.plugins import resolver

PerClass = Float[np.ndarray, " classes"]
MIN_CASES = 5  # a class seen (or not seen) fewer times than this has no ROC AUC worth a name


def names(classes: Sequence[str], own: Sequence[str] = ()) -> tuple[str, ...]:
    """Of all statistics, in the order of `measure`; `own`: what loop.gate.statistics names."""
    return (
        *(f"quality: {name}" for name in QUALITY),
        *(f"score: {name}" for name in classes),
        *(f"label: {name}" for name in classes),
        "embedding",
        *(own_name(name) for name in own),
        *(f"ROC AUC: {name}" for name in classes),
        *(f"agreement: {name}" for name in classes),
    )


def own_name(name: str) -> str:
    """What a statistic outside the package is called in a verdict."""
    return f"own: {resolver.title(name)}"


def roc_auc_part(classes: Sequence[str]) -> slice:
    """Where the ROC AUC stand among the statistics."""
    return slice(-2 * len(classes), -len(classes))


def agreement_part(classes: Sequence[str]) -> slice:
    """Where the agreements stand among the statistics."""
    return slice(-len(classes), None)


def ks_distance(first: Real[np.ndarray, " n"], second: Real[np.ndarray, " m"]) -> float:
    """The two-sample Kolmogorov–Smirnov statistic: the largest gap of the two distribution functions, 0 to 1.

    NaN where either holds something else than numbers: a sort would give it a place.
    """
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return float("nan")
    first, second = np.sort(first), np.sort(second)
    both = np.concatenate([first, second])
    gap = np.searchsorted(first, both, "right") / len(first) - np.searchsorted(second, both, "right") / len(second)
    return float(np.abs(gap).max())


def roc_auc(labels: UInt8[np.ndarray, "n classes"], scores: Float[np.ndarray, "n classes"]) -> PerClass:
    """By the rank sum; NaN for a class with fewer than MIN_CASES photographs on either side."""
    positives = labels.sum(0).astype(float)
    negatives = len(labels) - positives
    ranks = rankdata(scores, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        auc = ((ranks * labels).sum(0) - positives * (positives + 1) / 2) / (positives * negatives)
    return np.where((positives >= MIN_CASES) & (negatives >= MIN_CASES), auc, np.nan)


def agreement(
    labels: UInt8[np.ndarray, "n classes"], scores: Float[np.ndarray, "n classes"], class_thresholds: PerClass
) -> PerClass:
    """How often the model's decision is the welder's, 0 to 1."""
    agreed: PerClass = ((scores >= class_thresholds) == labels.astype(bool)).mean(0)
    return agreed


def measure(
    reference: Sample, current: Sample, class_thresholds: PerClass, own: Sequence[str] = ()
) -> Float[np.ndarray, " statistics"]:
    """Every statistic, in the order of `names`.

    Distances of quality, scores, labels (the change of their share) and embeddings; then what ROC AUC and agreement
    have lost, 0 where a class is too rare (`judging` says so where no class has any), NaN where a score is no number.
    """
    then, now = (np.hstack([s.quality, s.scores, s.labels]).T for s in (reference, current))
    auc = roc_auc(reference.labels, reference.scores) - roc_auc(current.labels, current.scores)
    agreed = agreement(reference.labels, reference.scores, class_thresholds)
    agreed -= agreement(current.labels, current.scores, class_thresholds)
    numbers = np.isfinite(reference.scores).all(0) & np.isfinite(current.scores).all(0)
    return np.concatenate(
        [
            [ks_distance(first, second) for first, second in zip(then, now, strict=True)],
            [classifier_auc(reference.embeddings, current.embeddings) - 0.5],
            [_own(name, reference, current) for name in own],
            np.where(numbers, np.nan_to_num(auc), np.nan),
            np.where(numbers, agreed, np.nan),
        ]
    )


def _own(name: str, reference: Sample, current: Sample) -> float:
    """A statistic outside the package: a function of two Samples → a number, NaN where it can't be measured."""
    plugin = resolver.load("statistics", name)
    value = plugin(reference, current)
    if isinstance(value, bool) or not isinstance(value, float | int | np.floating | np.integer):
        raise plugin.unfit(f"gives {type(value).__name__}, not a number")
    return float(value)
