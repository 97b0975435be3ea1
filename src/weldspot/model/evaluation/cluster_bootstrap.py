"""Bootstrap over scenes: photographs of one scene are no independent draws (Davison and Hinkley, 1997, chapter 3.8).

Who resamples draws how often each scene is taken; here that becomes the weights of photographs, scores and an interval.
"""

import numpy as np
from jaxtyping import Float, Int, Num, Shaped, UInt8


def scene_index(groups: Shaped[np.ndarray, " n"]) -> tuple[Shaped[np.ndarray, " scenes"], Int[np.ndarray, " n"]]:
    """The scenes in order, and the number of each photograph's own."""
    names, index = np.unique(groups, return_inverse=True)
    return names, index


def scene_counts(picks: Int[np.ndarray, "resamples scenes"]) -> Int[np.ndarray, "resamples scenes"]:
    """How often each scene was taken, of as many picks by number as there are scenes."""
    return np.stack([np.bincount(row, minlength=picks.shape[1]) for row in picks])


def photograph_weights(
    counts: Int[np.ndarray, "resamples scenes"], index: Int[np.ndarray, " n"]
) -> Int[np.ndarray, "resamples n"]:
    """How often each photograph is in a resample: as often as its scene."""
    return counts[:, index]


def weighted_average_precision(
    truth: UInt8[np.ndarray, "n classes"],
    scores: Float[np.ndarray, "n classes"],
    weights: Int[np.ndarray, "resamples n"],
) -> Float[np.ndarray, "resamples classes"]:
    """Average precision of every resample; NaN where it has no photograph of the class, or nothing else.

    Of a class with a score that is no number it is NaN throughout: a sort would give it a rank.
    """
    return np.stack([_average_precision(truth[:, k], scores[:, k], weights) for k in range(truth.shape[1])], axis=1)


def weighted_roc_auc(
    truth: UInt8[np.ndarray, "n classes"],
    scores: Float[np.ndarray, "n classes"],
    weights: Int[np.ndarray, "resamples n"],
) -> Float[np.ndarray, "resamples classes"]:
    """Area under the ROC curve of every resample; NaN where it has no photograph of the class, or nothing else."""
    return np.stack([_roc_auc(truth[:, k], scores[:, k], weights) for k in range(truth.shape[1])], axis=1)


def interval(values: Num[np.ndarray, " resamples"], confidence: float) -> tuple[float, float]:
    """The bounds between which the share `confidence` of the values lies.

    Those that are NaN are left out; NaN where nothing else is there.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def _ranked(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Photographs of the class, and all, down to each score; equal scores enter together."""
    order = np.argsort(-scores, kind="stable")
    ranked, weights = scores[order], weights[:, order]
    last = np.append(np.flatnonzero(ranked[:-1] != ranked[1:]), len(ranked) - 1)
    return np.cumsum(weights * truth[order], axis=1)[:, last], np.cumsum(weights, axis=1)[:, last]


def _average_precision(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if not np.isfinite(scores).all():
        return np.full(len(weights), np.nan)
    hits, seen = _ranked(truth, scores, weights)
    precision = hits / np.maximum(seen, 1)
    positives = hits[:, -1]
    recalled = np.diff(hits, axis=1, prepend=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ap = (precision * recalled).sum(1) / positives
    return np.where((positives > 0) & (positives < seen[:, -1]), ap, np.nan)


def _roc_auc(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if not np.isfinite(scores).all():
        return np.full(len(weights), np.nan)
    hits, seen = _ranked(truth, scores, weights)
    misses = seen - hits
    positives, negatives = hits[:, -1], misses[:, -1]
    # trapezoids under the curve of hits over misses, equal scores being one slanted step
    area = (np.diff(misses, axis=1, prepend=0) * (hits + np.pad(hits[:, :-1], ((0, 0), (1, 0))))).sum(1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        auc = area / (positives * negatives)
    return np.where((positives > 0) & (negatives > 0), auc, np.nan)
