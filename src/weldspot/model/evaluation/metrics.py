"""Multi-label scores. A class that has only one outcome in the images has no score: NaN, left out of means.

So has one that a model gave something else than a number.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, UInt8
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

Truth = UInt8[np.ndarray, "n classes"]
Scores = Float[np.ndarray, "n classes"]
PerClass = Float[np.ndarray, " classes"]


def average_precision(truth: Truth, scores: Scores) -> PerClass:
    """Average precision of each class."""
    return _per_class(average_precision_score, truth, scores)


def roc_auc(truth: Truth, scores: Scores) -> PerClass:
    """Area under each class's ROC curve."""
    return _per_class(roc_auc_score, truth, scores)


def accuracy(truth: Truth, scores: Scores) -> float:
    """How often the most probable class is the right one, for images of one class each; NaN without images."""
    if not len(truth) or not np.isfinite(scores).all():
        return float("nan")
    return float((truth.argmax(1) == scores.argmax(1)).mean())


def mean(values: PerClass) -> float:
    """Mean over the classes that have a score; NaN when none has."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def f1(truth: Truth, predicted: Truth) -> PerClass:
    """F1 of each class's yes or no; NaN where no image shows it: what is not there can't be found."""
    found = np.asarray(f1_score(truth, predicted, average=None, zero_division=0.0))
    return np.where(truth.any(axis=0), found, np.nan)


def calibration_error(truth: Truth, scores: Scores, bins: int) -> PerClass:
    """Expected calibration error of each class (Naeini et al., 2015), over `bins` of equal width."""
    index = np.minimum((scores * bins).astype(int), bins - 1)
    errors = np.zeros(truth.shape[1])
    for b in range(bins):
        inside = index == b
        count = inside.sum(0)
        gap = np.abs((truth * inside).sum(0) - (scores * inside).sum(0))
        errors += np.where(count > 0, gap, 0)
    return errors / max(len(truth), 1)


def _per_class(score: Callable[[np.ndarray, np.ndarray], float], truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    values = []
    for column in range(truth.shape[1]):
        positives = truth[:, column].sum()
        known = 0 < positives < len(truth) and np.isfinite(scores[:, column]).all()
        values.append(score(truth[:, column], scores[:, column]) if known else np.nan)
    return np.array(values)
