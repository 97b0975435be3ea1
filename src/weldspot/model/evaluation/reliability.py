"""How often a class is there when the model says how probable it is: drawn with how many photographs say so."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float, Integer
from matplotlib.axes import Axes
from scipy.stats import binomtest

HANDFUL: Final = 10  # a bin of fewer photographs says nothing: it is joined with its neighbours
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Bin:
    """Photographs of like probability: their mean, how many there are, and how many of them show the class."""

    confidence: float
    count: int
    there: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, of the frequency."""
        found = binomtest(self.there, self.count).proportion_ci(_CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


def reliability_bins(column: Integer[np.ndarray, " n"], scores: Float[np.ndarray, " n"], bins: int) -> list[Bin]:
    """Bins of equal width, from the left joined until each holds HANDFUL; what is left joins the last."""
    index = np.minimum((scores * bins).astype(int), bins - 1)
    joined: list[list[int]] = [[]]
    for number in range(bins):
        if len(joined[-1]) >= HANDFUL:
            joined.append([])
        joined[-1] += np.flatnonzero(index == number).tolist()
    if len(joined) > 1 and len(joined[-1]) < HANDFUL:
        rest = joined.pop()
        joined[-1] += rest
    return [Bin(float(scores[rows].mean()), len(rows), int(column[rows].sum())) for rows in joined if rows]


def draw_reliability(axes: Axes, column: np.ndarray, scores: np.ndarray, bins: int) -> str:
    """Points with their intervals and counts; returns what is to be written above: the mean gap."""
    found = reliability_bins(column, scores, bins)
    axes.plot([0, 1], [0, 1], color="0.7", linestyle=":", linewidth=1)
    across, frequency = [one.confidence for one in found], [one.there / one.count for one in found]
    low, high = zip(*(one.interval for one in found), strict=True)
    axes.vlines(across, low, high, color="C0", alpha=0.45, linewidth=3)
    axes.plot(across, frequency, "o-", color="C0", markersize=4, linewidth=1)
    for one, at in zip(found, frequency, strict=True):
        left, below = one.confidence >= 0.5, at > 0.5
        axes.annotate(
            str(one.count),
            (one.confidence, at),
            (-5 if left else 5, -11 if below else 7),
            textcoords="offset points",
            fontsize=6.5,
            ha="right" if left else "left",
            color="0.2",
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.3},
        )
    gap = sum(abs(one.confidence * one.count - one.there) for one in found) / len(column)
    return f"mean gap {gap:.3f}"
