"""Two models on the same photographs: paired bootstrap over scenes (Efron and Tibshirani, 1993, chapter 8)."""

from dataclasses import dataclass

import numpy as np

from weldspot.config.sections.loop import Promote
from weldspot.labels import CLASSES


@dataclass(frozen=True)
class Difference:
    """Challenger minus production in average precision, with the bounds of its confidence interval."""

    challenger: float
    production: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        return self.challenger - self.production


@dataclass(frozen=True)
class Comparison:
    """`mean` over the classes that both sides can be scored on; `classes`: those with enough scenes to say."""

    images: int
    groups: int
    mean: Difference
    classes: dict[str, Difference]


def compare(
    truth: np.ndarray, challenger: np.ndarray, production: np.ndarray, groups: np.ndarray, section: Promote
) -> Comparison:
    """truth uint8[n, 7], scores float[n, 7] of either model, groups str[n]."""
    names, index = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(section.seed)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=section.bootstrap)
    weights = np.vstack([np.ones((1, len(names)), int), drawn])[:, index]
    ours, theirs = (_average_precisions(truth, scores, weights) for scores in (challenger, production))
    tail = (1 - section.confidence) / 2
    classes = {}
    for column, name in enumerate(CLASSES):
        scenes = len(np.unique(index[truth[:, column] == 1]))
        if scenes >= max(1, section.min_groups) and np.isfinite(ours[0, column]):
            classes[name] = _difference(ours[:, column], theirs[:, column], tail)
    mean = _difference(np.nanmean(ours, axis=1), np.nanmean(theirs, axis=1), tail)
    return Comparison(len(truth), len(names), mean, classes)


def _difference(ours: np.ndarray, theirs: np.ndarray, tail: float) -> Difference:
    """The first entry is of the photographs themselves, the rest of the resamples."""
    low, high = np.nanquantile(ours[1:] - theirs[1:], [tail, 1 - tail])
    return Difference(float(ours[0]), float(theirs[0]), float(low), float(high))


def _average_precisions(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float[b, 7] for weights int[b, n]; NaN where a resample has no photograph of the class, or nothing else."""
    return np.stack([_one(truth[:, k], scores[:, k], weights) for k in range(truth.shape[1])], axis=1)


def _one(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    order = np.argsort(-scores, kind="stable")
    ranked, weights = scores[order], weights[:, order]
    last = np.append(np.flatnonzero(ranked[:-1] != ranked[1:]), len(ranked) - 1)  # equal scores enter together
    hits = np.cumsum(weights * truth[order], axis=1)[:, last]
    seen = np.cumsum(weights, axis=1)[:, last]
    precision = hits / np.maximum(seen, 1)
    positives = hits[:, -1]
    recalled = np.diff(hits, axis=1, prepend=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ap = (precision * recalled).sum(1) / positives
    return np.where((positives > 0) & (positives < seen[:, -1]), ap, np.nan)
