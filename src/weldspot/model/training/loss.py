"""The loss: weighted, smoothed cross-entropy, of each class by itself or of the one class of an exclusive list."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Num
from keras import ops

from weldspot.config.sections.training import LOSSES, Training
from weldspot.runtime.plugins import resolver

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
    if section.loss not in LOSSES:
        return _own(section.loss, weights, exclusive, section.label_smoothing)
    form = weighted_categorical_cross_entropy if exclusive else weighted_cross_entropy
    return form(weights, section.label_smoothing)


def weighted_categorical_cross_entropy(
    weights: Float[np.ndarray, " classes"], smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """loss(truth [batch, classes], one of them 1, logits [batch, classes]) → [batch]."""

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        target = _smoothed(truth, smoothing, smoothing / len(weights))
        weight = ops.sum(truth * weights, axis=-1)
        return weight * ops.categorical_crossentropy(target, logits, from_logits=True)

    return loss


def weighted_cross_entropy(
    weights: Float[np.ndarray, " classes"], smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """loss(truth [batch, classes], logits [batch, classes]) → [batch]."""

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        target = _smoothed(truth, smoothing, 0.5 * smoothing)
        weight = 1 + truth * (weights - 1)
        return ops.mean(weight * ops.binary_crossentropy(target, logits, from_logits=True), axis=-1)

    return loss


def _smoothed(truth: Tensor, smoothing: float, floor: float) -> Tensor:
    return truth * (1 - smoothing) + floor


def _own(
    name: str, weights: Float[np.ndarray, " classes"], exclusive: bool, smoothing: float
) -> Callable[[Tensor, Tensor], Tensor]:
    """A loss outside the package: a function of (smoothed truth, logits, class weights) → [batch]."""
    plugin = resolver.load("losses", name)
    floor = smoothing / len(weights) if exclusive else 0.5 * smoothing

    def loss(truth: Tensor, logits: Tensor) -> Tensor:
        return plugin(_smoothed(truth, smoothing, floor), logits, weights)

    truth = np.eye(2, len(weights), dtype=np.float32)  # two pictures, to look at what it gives before a long training
    given = loss(ops.convert_to_tensor(truth), ops.zeros(truth.shape))
    shape = getattr(given, "shape", None)
    if shape is None or tuple(shape) != (2,):
        what = type(given).__name__ if shape is None else f"an array {list(shape)}"
        raise plugin.unfit(f"gives {what} for two pictures, not one number for each")
    if not np.isfinite(ops.convert_to_numpy(given)).all():
        raise plugin.unfit("gives something else than numbers for logits of 0")
    return loss
