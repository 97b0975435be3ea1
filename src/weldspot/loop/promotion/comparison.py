"""Two models on the same photographs: paired bootstrap over scenes (Efron and Tibshirani, 1993, chapter 8).

Where no class can be ranked (each is on all of the photographs or on none) there is no average precision, and the log
likelihood of the labels is compared in its place. What has no number is NaN here, and the rule refuses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped, UInt8

from weldspot.config.sections.loop import Promote
from weldspot.model.evaluation import cluster_bootstrap

Measure = Literal["mean AP", "mean log likelihood"]
_LEAST = 1e-6  # probability: one certain mistake must not outweigh every other photograph


@dataclass(frozen=True)
class Difference:
    """Challenger minus production in a score that is the better the larger, with the bounds of its interval."""

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
    """`mean`, in `measure`, over what both can be scored on; `classes`: AP of those with enough scenes to say.

    `unjudged`: the classes that the photographs show, with too few scenes, or on all, to be judged by themselves.
    """

    images: int
    groups: int
    mean: Difference
    classes: dict[str, Difference]
    measure: Measure = "mean AP"
    unjudged: tuple[str, ...] = ()


def compare(
    classes: Sequence[str],
    truth: UInt8[np.ndarray, "n classes"],
    challenger: Float[np.ndarray, "n classes"],
    production: Float[np.ndarray, "n classes"],
    groups: Shaped[np.ndarray, " n"],
    section: Promote,
) -> Comparison:
    """Both models' average precision on n photographs and on resamples of their scenes, the same for both.

    Args:
        classes: the names of the columns, those that both models know.
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
    ranked = np.isfinite(ours) | np.isfinite(theirs)  # one side's NaN alone stays one, and is refused
    judged, unjudged = {}, []
    for column, name in enumerate(classes):
        scenes = len(np.unique(index[truth[:, column] == 1]))
        if scenes >= max(1, section.min_groups) and ranked[0, column]:
            judged[name] = _difference(ours[:, column], theirs[:, column], section.confidence)
        elif scenes:
            unjudged.append(name)
    if ranked[0].any():
        measure: Measure = "mean AP"
        mean = _difference(_mean(ours, ranked), _mean(theirs, ranked), section.confidence)
    else:
        measure = "mean log likelihood"
        likely = [_log_likelihood(truth, scores, weights) for scores in (challenger, production)]
        mean = _difference(likely[0], likely[1], section.confidence)
    return Comparison(len(truth), len(names), mean, judged, measure, tuple(unjudged))


def _mean(
    values: Float[np.ndarray, "resamples classes"], ranked: Bool[np.ndarray, "resamples classes"]
) -> Float[np.ndarray, " resamples"]:
    """Over the classes that a resample ranks; NaN where it ranks none."""
    counts = ranked.sum(1)
    found: Float[np.ndarray, " resamples"] = np.where(ranked, values, 0).sum(1) / np.where(counts, counts, np.nan)
    return found


def _log_likelihood(
    truth: UInt8[np.ndarray, "n classes"],
    scores: Float[np.ndarray, "n classes"],
    weights: Int[np.ndarray, "resamples n"],
) -> Float[np.ndarray, " resamples"]:
    """Of the labels, mean over photographs and classes; 0 is best, NaN where a score is none."""
    likely = np.log(np.clip(np.where(truth == 1, scores, 1 - scores), _LEAST, 1).astype(float)).mean(1)
    found: Float[np.ndarray, " resamples"] = weights @ likely / weights.sum(1)
    return found


def _difference(
    ours: Float[np.ndarray, " resamples"], theirs: Float[np.ndarray, " resamples"], confidence: float
) -> Difference:
    """The first entry is of the photographs themselves, the rest of the resamples."""
    low, high = cluster_bootstrap.interval(ours[1:] - theirs[1:], confidence)
    return Difference(float(ours[0]), float(theirs[0]), low, high)
