"""The loss: weighted, smoothed binary cross-entropy."""

from collections.abc import Callable

import numpy as np
from keras import ops


def class_weights(labels: np.ndarray, limit: float) -> np.ndarray:
    """float[7]: how much more a positive counts, the root of negatives per positive, between 1 and `limit`."""
    positives = labels.sum(0)
    return np.clip(np.sqrt((len(labels) - positives) / np.maximum(positives, 1)), 1, limit).astype(np.float32)


def weighted_cross_entropy(weights: np.ndarray, smoothing: float) -> Callable:
    """loss(truth [batch, 7], logits [batch, 7]) → [batch]."""

    def loss(truth, logits):  # type: ignore[no-untyped-def]
        target = truth * (1 - smoothing) + 0.5 * smoothing
        weight = 1 + truth * (weights - 1)
        return ops.mean(weight * ops.binary_crossentropy(target, logits, from_logits=True), axis=-1)

    return loss
