"""How far chance alone moves the statistics: thresholds by resampling the reference at the feedback's own size."""

import sys
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from weldspot.config.loop import Gate
from weldspot.loop import statistics
from weldspot.loop.sample import Sample

_FLOOR = 1e-3  # a statistic that never moved in any resample is not infinitely sure of itself


@dataclass(frozen=True)
class Limits:
    """`thresholds` float[28] in the order of statistics.NAMES: beyond one of them is drift."""

    thresholds: np.ndarray
    size: int


def calibrate(reference: Sample, size: int, decisions: np.ndarray, section: Gate) -> Limits:
    """Thresholds that all hold together, but for a share `false_alarm_rate` of the time, when nothing has changed.

    Single-step max-T (Westfall and Young, 1993): each resample draws a reference and a batch of `size` from the
    reference, scene by scene; the statistics are standardised, and the quantile of the largest is the one limit for
    all. Distances below `min_effect` are never drift, however sure: they are not worth a retraining.
    """
    rng = np.random.default_rng(section.seed)
    drawn = np.array(
        [
            statistics.measure(reference.draw(len(reference), rng), reference.draw(size, rng), decisions)
            for _ in tqdm(range(section.resamples), desc="gate: calibrating", file=sys.stderr, disable=None)
        ]
    )
    centre, spread = drawn.mean(0), np.maximum(drawn.std(0), _FLOOR)
    largest = ((drawn - centre) / spread).max(1)
    limits = centre + float(np.quantile(largest, 1 - section.false_alarm_rate, method="higher")) * spread
    limits[: statistics.DISTANCES] = np.maximum(limits[: statistics.DISTANCES], section.min_effect)
    return Limits(limits, size)
