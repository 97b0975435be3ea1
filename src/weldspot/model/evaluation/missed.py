"""Below which probability a photograph may be called free of a class: so few that show it are that a bound holds.

Risk control over scenes, which are what is drawn anew when a welder takes the next photograph: Bates et al. (2021),
"Distribution-free, risk-controlling prediction sets", arXiv:2101.02703, with the Hoeffding-Bentkus bound of
Angelopoulos et al. (2022), "Learn then test", arXiv:2110.01052.
"""

from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Float, Shaped
from scipy.special import rel_entr
from scipy.stats import binom

from weldspot.labels import ClassList
from weldspot.model.evaluation.cluster_bootstrap import scene_index
from weldspot.model.evaluation.metrics import PerClass, Scores, Truth
from weldspot.runtime.errors import WeldspotError


class ClassBound(TypedDict):
    """What is promised of a class, and what it rests on.

    `free_below`: a probability under it calls a photograph free of the class; None where there are too few scenes for
    the bound. `missed`: of the scenes that show it, the mean share of photographs that it is called free of; `unsure`:
    of all photographs, those that are neither called free of it nor said to show it.
    """

    at_most: float
    confidence: float
    scenes: int
    free_below: float | None
    missed: float | None
    unsure: float | None


def required(classes: ClassList, at_most: float | Mapping[str, float]) -> None:
    """Nothing, where each class that a bound is asked for can have one.

    Raises:
        WeldspotError: a name is no class, or the background's.
    """
    names = [name for name in classes.names if name != classes.background]
    if isinstance(at_most, Mapping) and (odd := [name for name in at_most if name not in names]):
        raise WeldspotError(f"evaluate.max_missed: {', '.join(odd)}: there is no such bound; one of {', '.join(names)}")


def bounds(
    classes: ClassList,
    measured: tuple[Truth, Scores, Shaped[np.ndarray, " n"]],
    thresholds: PerClass,
    at_most: float | Mapping[str, float],
    confidence: float,
) -> dict[str, ClassBound]:
    """Of each class but the background.

    Args:
        classes: the list.
        measured: labels, probabilities and scenes of photographs that the model has not learnt from.
        thresholds: from which on a class is said to be there; what is called free lies below them.
        at_most: the share of the photographs of a class that may be called free of it; a number, or one a class: those
            without one have no bound.
        confidence: with which it shall hold.
    """
    truth, scores, groups = measured
    found: dict[str, ClassBound] = {}
    for column, name in enumerate(classes.names):
        wanted = at_most.get(name) if isinstance(at_most, Mapping) else at_most
        if wanted is None or name == classes.background:
            continue
        shown = truth[:, column] > 0
        level = free_below(scores[shown, column], groups[shown], wanted, confidence)
        level = None if level is None else min(level, float(thresholds[column]))
        between = (scores[:, column] >= (level or 0)) & (scores[:, column] < thresholds[column])
        found[name] = ClassBound(
            at_most=wanted,
            confidence=confidence,
            scenes=len(np.unique(groups[shown])),
            free_below=None if level is None else round(level, 6),
            missed=None if level is None else round(risk(scores[shown, column], groups[shown], level), 6),
            unsure=None if level is None else round(float(between.mean()), 6),
        )
    return found


def free_below(
    scores: Float[np.ndarray, " n"], groups: Shaped[np.ndarray, " n"], at_most: float, confidence: float
) -> float | None:
    """The highest level at which the bound holds, of photographs that show the class; None if it holds at none."""
    if not len(scores):
        return None
    names, scene = scene_index(groups)
    order = np.argsort(scores, kind="stable")
    weight = 1 / np.bincount(scene)[scene[order]] / len(names)
    missed = np.concatenate([[0.0], np.cumsum(weight)[:-1]])  # below each of the scores, in order
    holds = _chances(missed, len(names), at_most) <= 1 - confidence
    if not holds[0]:
        return None
    level = float(scores[order][holds.argmin() - 1 if not holds.all() else -1])
    return level - 1e-6 if level > 1e-6 else level  # and rounded it is still below that photograph's


def risk(scores: Float[np.ndarray, " n"], groups: Shaped[np.ndarray, " n"], level: float) -> float:
    """Mean over the scenes of the share of their photographs that fall below the level."""
    _, scene = scene_index(groups)
    return float((np.bincount(scene, scores < level) / np.bincount(scene)).mean())


def _chances(shares: Float[np.ndarray, " n"], scenes: int, at_most: float) -> Float[np.ndarray, " n"]:
    """Of shares so small among so many scenes where in truth more than `at_most` are missed."""
    low = np.minimum(shares, at_most)
    apart = rel_entr(low, at_most) + rel_entr(1 - low, 1 - at_most)
    bentkus = np.e * binom.cdf(np.ceil((scenes * shares).round(9)), scenes, at_most)
    return np.asarray(np.minimum(np.exp(-scenes * apart), bentkus))
