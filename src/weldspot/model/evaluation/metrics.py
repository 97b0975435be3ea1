"""Multi-label scores. A class that has only one outcome in the images has no score: NaN, left out of means."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def average_precision(truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """float[7] from truth uint8[n, 7] and scores float[n, 7]."""
    return _per_class(average_precision_score, truth, scores)


def roc_auc(truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """float[7] from truth uint8[n, 7] and scores float[n, 7]."""
    return _per_class(roc_auc_score, truth, scores)


def _per_class(score, truth: np.ndarray, scores: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    values = []
    for column in range(truth.shape[1]):
        positives = truth[:, column].sum()
        known = 0 < positives < len(truth)
        values.append(score(truth[:, column], scores[:, column]) if known else np.nan)
    return np.array(values)


def mean(values: np.ndarray) -> float:
    """Mean over the classes that have a score; NaN when none has."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def f1(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """float[7] from two uint8[n, 7]; 0 where nothing was predicted nor there."""
    hits = (truth & predicted).sum(0)
    total = truth.sum(0) + predicted.sum(0)
    return np.where(total > 0, 2 * hits / np.maximum(total, 1), 0.0)


def best_thresholds(truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """float[7]: per class the threshold of best F1, midway between the two scores it separates; 0.5 if unknown."""
    thresholds = np.full(truth.shape[1], 0.5)
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


def calibration_error(truth: np.ndarray, scores: np.ndarray, bins: int) -> np.ndarray:
    """Expected calibration error per class (Naeini et al., 2015), float[7]."""
    index = np.minimum((scores * bins).astype(int), bins - 1)
    errors = np.zeros(truth.shape[1])
    for b in range(bins):
        inside = index == b
        count = inside.sum(0)
        gap = np.abs((truth * inside).sum(0) - (scores * inside).sum(0))
        errors += np.where(count > 0, gap, 0)
    return errors / max(len(truth), 1)
