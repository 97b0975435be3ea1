"""Quantiles farther out than draws reach: a generalised Pareto tail (Pickands, 1975; Hosking and Wallis, 1987)."""

import math

import numpy as np
from jaxtyping import Float

_ENOUGH = 10  # draws beyond a quantile, for which it is read off
_PART, _LEAST = 10, 30  # the tail is fitted to a tenth of the draws, or to so many
_HEAVIEST = 0.5  # shape; beyond it the fit is of a few stray draws


def beyond(draws: Float[np.ndarray, " n"], rate: float) -> float:
    """The value that a share `rate` of what these were drawn from is beyond.

    With fewer than ten draws beyond it, from the tail that fits the largest tenth by probability-weighted moments
    (Knijnenburg and others, 2009, do so for permutations). The tail is taken for exponential where it seems lighter:
    that widens.
    """
    n = len(draws)
    if rate * n >= _ENOUGH:
        return float(np.quantile(draws, 1 - rate, method="higher"))
    ordered = np.sort(draws)
    k = min(max(n // _PART, _LEAST), n // 2)
    start = float(ordered[n - k - 1])
    over = ordered[n - k :] - start
    mean = float(over.mean())
    weighted = float(((1 - (np.arange(1, k + 1) - 0.35) / k) * over).mean())
    shape = min(2 - mean / (mean - 2 * weighted), _HEAVIEST) if mean > 2 * weighted else 0.0
    times = k / n / rate
    if shape <= 0:
        return start + mean * math.log(times)
    return start + mean * (1 - shape) / shape * float(times**shape - 1)  # of this shape, with the mean that they have
