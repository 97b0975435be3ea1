"""How far chance alone moves the statistics: limits by resampling the reference at the feedback's own size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weldspot.config.sections.loop import Gate
from weldspot.loop.drift import statistics
from weldspot.loop.drift.lifetime import tail
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.runtime.terminal.progress import Progress

_TAIL = 0.99
_FLOOR = 1e-3  # a statistic that never moved in any resample is not infinitely sure of itself


@dataclass(frozen=True)
class DriftLimits:
    """`values` in the order of statistics.names: beyond one of them is drift; for feedback of `size` photographs.

    `rate`: the chance that one of them is passed when nothing has changed.
    """

    values: Float[np.ndarray, " statistics"]
    size: int
    rate: float


def calibrate(reference: Sample, size: int, class_thresholds: PerClass, section: Gate, rate: float) -> DriftLimits:
    """Limits that all hold together, but for a share `rate` of the time, when nothing has changed."""
    return Chance(reference, size, class_thresholds, section).limits(rate)


class Chance:
    """What chance alone does with the statistics, for feedback of `size` photographs.

    Single-step max-T (Westfall and Young, 1993): each resample draws a reference and a batch of `size` from the
    reference, scene by scene; each statistic is scaled by its own upper tail (by their standard deviations the one with
    the heaviest tail would widen the limits of all), and the quantile of the largest is the one limit for all. A change
    below `min_effect` (agreement: half of it) is never drift, however sure: not worth a retraining.
    """

    def __init__(self, reference: Sample, size: int, class_thresholds: PerClass, section: Gate) -> None:
        rng, seen = np.random.default_rng(section.seed), _seen(reference, class_thresholds)
        drawn = np.array(
            [
                _chance(reference, size, class_thresholds, seen, rng, section.statistics)
                for _ in Progress(range(section.resamples), desc="gate: calibrating", unit="resample")
            ]
        )
        self._size = size
        self._centre = np.median(drawn, 0)
        self._spread = np.maximum(np.quantile(drawn, _TAIL, axis=0) - self._centre, _FLOOR)
        self._largest = ((drawn - self._centre) / self._spread).max(1)
        self._floors = np.full(drawn.shape[1], section.min_effect)
        self._floors[statistics.agreement_part(reference.classes)] /= 2

    def limits(self, rate: float) -> DriftLimits:
        """For this chance of a false alarm."""
        limits = self._centre + tail.beyond(self._largest, rate) * self._spread
        return DriftLimits(np.maximum(limits, self._floors), self._size, rate)


class _Seen(NamedTuple):
    """What the reference itself shows."""

    agreement: PerClass
    auc: PerClass
    prevalence: PerClass
    shown: Int[np.ndarray, " classes"]  # scenes that show the class
    scenes: int


def _seen(reference: Sample, class_thresholds: PerClass) -> _Seen:
    return _Seen(
        statistics.agreement(reference.labels, reference.scores, class_thresholds),
        statistics.roc_auc(reference.labels, reference.scores),
        reference.labels.mean(0),
        np.array([len(np.unique(reference.groups[there])) for there in reference.labels.T == 1]),
        len(np.unique(reference.groups)),
    )


def _chance(
    reference: Sample,
    size: int,
    class_thresholds: PerClass,
    seen: _Seen,
    rng: np.random.Generator,
    own: Sequence[str],
) -> Float[np.ndarray, " statistics"]:
    """The statistics of two draws from the reference.

    Agreement and ROC AUC are drawn from their posterior too (a Beta with Jeffreys' prior, counting scenes), and the
    larger loss counts: resampling photographs on which model and welder never differed would say that they never can.
    A photograph of the class ranks above all others or below them all, the widest that an AUC of this mean can vary.
    """
    draws = reference.draw(len(reference), rng), reference.draw(size, rng)
    values = statistics.measure(*draws, class_thresholds, own)
    agreement, auc = statistics.agreement_part(reference.classes), statistics.roc_auc_part(reference.classes)
    agreed = rng.binomial(size, _posterior(seen.agreement, seen.scenes, rng)) / size
    values[agreement] = np.maximum(values[agreement], seen.agreement - agreed)
    cases = rng.binomial(size, seen.prevalence)
    ranked = rng.binomial(cases, _posterior(np.nan_to_num(seen.auc), seen.shown, rng)) / np.maximum(cases, 1)
    known = np.isfinite(seen.auc) & (cases >= statistics.MIN_CASES)
    values[auc] = np.maximum(values[auc], np.where(known, seen.auc - ranked, 0))
    return values


def _posterior(share: PerClass, scenes: int | Int[np.ndarray, " classes"], rng: np.random.Generator) -> PerClass:
    return rng.beta(share * scenes + 0.5, (1 - share) * scenes + 0.5)
