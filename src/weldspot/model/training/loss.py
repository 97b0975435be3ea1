"""The loss: weighted, smoothed binary cross-entropy."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Num
from keras import ops

Tensor = Any  # of whichever backend


def class_weights(labels: Num[np.ndarray, "n classes"], limit: float) -> Float[np.ndarray, " classes"]:
    """How much more a positive counts: the root of negatives per positive, between 1 and `limit`."""
    positives = labels.sum(0)
    ratio = np.sqrt((len(labels) - positives) / np.maximum(positives, 1))
    return np.asarray(np.clip(ratio, 1, limit), np.float32)


def weighted_cross_entropy(
    weights: Float[np.ndarray, " classes"], smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """loss(truth [batch, classes], logits [batch, classes]) → [batch]."""

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        target = truth * (1 - smoothing) + 0.5 * smoothing
        weight = 1 + truth * (weights - 1)
        return ops.mean(weight * ops.binary_crossentropy(target, logits, from_logits=True), axis=-1)

    return loss
