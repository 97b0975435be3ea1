"""The loss: weighted, smoothed cross-entropy, of each class by itself or of the one class of an exclusive list."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Num
from keras import ops

from weldspot.config.sections.training import Training

Tensor = Any  # of whichever backend


def class_weights(labels: Num[np.ndarray, "n classes"], limit: float) -> Float[np.ndarray, " classes"]:
    """How much more a positive counts: the root of negatives per positive, between 1 and `limit`."""
    positives = labels.sum(0)
    ratio = np.sqrt((len(labels) - positives) / np.maximum(positives, 1))
    return np.asarray(np.clip(ratio, 1, limit), np.float32)


def objective(
    labels: Num[np.ndarray, "n classes"], exclusive: bool, section: Training
) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of a training on these labels."""
    weights = class_weights(labels, section.max_class_weight)
    form = weighted_categorical_cross_entropy if exclusive else weighted_cross_entropy
    return form(weights, section.label_smoothing)


def weighted_categorical_cross_entropy(
    weights: Float[np.ndarray, " classes"], smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """loss(truth [batch, classes], one of them 1, logits [batch, classes]) → [batch]."""

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        target = truth * (1 - smoothing) + smoothing / len(weights)
        weight = ops.sum(truth * weights, axis=-1)
        return weight * ops.categorical_crossentropy(target, logits, from_logits=True)

    return loss


def weighted_cross_entropy(
    weights: Float[np.ndarray, " classes"], smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """loss(truth [batch, classes], logits [batch, classes]) → [batch]."""

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        target = truth * (1 - smoothing) + 0.5 * smoothing
        weight = 1 + truth * (weights - 1)
        return ops.mean(weight * ops.binary_crossentropy(target, logits, from_logits=True), axis=-1)

    return loss
