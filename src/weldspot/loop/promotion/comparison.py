"""Two models on the same photographs: paired bootstrap over scenes (Efron and Tibshirani, 1993, chapter 8)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped, UInt8

from weldspot.config.sections.loop import Promote
from weldspot.labels import CLASSES
from weldspot.model.evaluation import cluster_bootstrap


@dataclass(frozen=True)
class Difference:
    """Challenger minus production in average precision, with the bounds of its confidence interval."""

    challenger: float
    production: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        """What the challenger has more."""
        return self.challenger - self.production


@dataclass(frozen=True)
class Comparison:
    """`mean` over the classes that both sides can be scored on; `classes`: those with enough scenes to say."""

    images: int
    groups: int
    mean: Difference
    classes: dict[str, Difference]


def compare(
    truth: UInt8[np.ndarray, "n classes"],
    challenger: Float[np.ndarray, "n classes"],
    production: Float[np.ndarray, "n classes"],
    groups: Shaped[np.ndarray, " n"],
    section: Promote,
) -> Comparison:
    """Both models' average precision on n photographs and on resamples of their scenes, the same for both.

    Args:
        truth: 1 where a photograph shows a class.
        challenger: its scores.
        production: its scores.
        groups: the scene of each photograph.
        section: confidence, number of resamples, scenes that a class must have, seed.
    """
    names, index = cluster_bootstrap.scene_index(groups)
    rng = np.random.default_rng(section.seed)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=section.bootstrap)
    counts = np.vstack([np.ones((1, len(names)), int), drawn])  # the photographs themselves come first
    weights = cluster_bootstrap.photograph_weights(counts, index)
    ours, theirs = (
        cluster_bootstrap.weighted_average_precision(truth, scores, weights) for scores in (challenger, production)
    )
    classes = {}
    for column, name in enumerate(CLASSES):
        scenes = len(np.unique(index[truth[:, column] == 1]))
        if scenes >= max(1, section.min_groups) and np.isfinite(ours[0, column]):
            classes[name] = _difference(ours[:, column], theirs[:, column], section.confidence)
    mean = _difference(np.nanmean(ours, axis=1), np.nanmean(theirs, axis=1), section.confidence)
    return Comparison(len(truth), len(names), mean, classes)


def _difference(
    ours: Float[np.ndarray, " resamples"], theirs: Float[np.ndarray, " resamples"], confidence: float
) -> Difference:
    """The first entry is of the photographs themselves, the rest of the resamples."""
    low, high = cluster_bootstrap.interval(ours[1:] - theirs[1:], confidence)
    return Difference(float(ours[0]), float(theirs[0]), low, high)
