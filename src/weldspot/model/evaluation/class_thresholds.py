"""From which probability on a class counts as seen."""

from typing import Final

import numpy as np

from weldspot.model.evaluation.metrics import PerClass, Scores, Truth

NEVER: Final = 1.0  # of a class that nothing is known of: no probability short of certainty calls it


def best_thresholds(truth: Truth, scores: Scores) -> PerClass:
    """Per class the threshold of best F1, midway between the two scores that it separates; NEVER if unknown."""
    thresholds = np.full(truth.shape[1], NEVER)
    for column in range(truth.shape[1]):
        if not 0 < truth[:, column].sum() < len(truth):
            continue
        order = np.argsort(-scores[:, column], kind="stable")
        ranked, hit = scores[order, column], truth[order, column]
        curve = 2 * np.cumsum(hit) / (np.arange(1, len(hit) + 1) + hit.sum())
        curve[:-1][ranked[:-1] == ranked[1:]] = 0  # no threshold falls between equal scores
        best = int(np.argmax(curve))
        below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
        thresholds[column] = float(np.clip((ranked[best] + below) / 2, 0.02, 0.98))
    return thresholds
