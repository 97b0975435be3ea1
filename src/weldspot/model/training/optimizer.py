"""What moves the weights: AdamW with a warm-up and a cosine decay, and which weights stay as they are."""

import math
from typing import Any

import keras
import numpy as np

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.model.training import minibatches, parallel
from weldspot.model.training.loss import objective
from weldspot.runtime.errors import WeldspotError

BATCH = 32  # what `training.learning_rate` is said for


def learning_rate(section: Training) -> float:
    """The rate at this batch size, by the square-root rule of Adam (Malladi et al., 2022, arXiv:2205.10287)."""
    return section.learning_rate * math.sqrt(section.batch_size / BATCH)


class ClippedTogether(keras.optimizers.AdamW):  # type: ignore[misc]  # keras is not typed
    """Clips the sum of what TensorFlow's devices found; Keras clips what each found, before they are added up."""

    def _clip_gradients(self, grads: list[Any]) -> list[Any]:
        return grads if keras.backend.backend() == "tensorflow" else list(super()._clip_gradients(grads))

    def _all_reduce_sum_gradients(self, grads_and_vars: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        reduced = super()._all_reduce_sum_gradients(grads_and_vars)
        clipped = super()._clip_gradients([gradient for gradient, _ in reduced])
        return list(zip(clipped, (variable for _, variable in reduced), strict=True))


def compile_model(model: keras.Model, images: Images, section: Training) -> None:
    """AdamW with a linear warm-up and a cosine decay to zero over all epochs; what is frozen stays as it is.

    Raises:
        WeldspotError: `frozen_layers` is all of them.
    """
    if section.frozen_layers >= len(model.layers) - 1:
        raise WeldspotError(
            f"training.frozen_layers: {section.frozen_layers} leaves nothing to train; {section.backbone} has "
            f"{len(model.layers)} layers, its head included"
        )
    for layer in model.layers[: section.frozen_layers]:
        layer.trainable = False
    epoch = minibatches.Minibatches(images, section.batch_size, section.seed, 1)
    steps = len(epoch)
    warmup = round(section.warmup_epochs * steps)
    highest = learning_rate(section)
    rate = keras.optimizers.schedules.CosineDecay(
        highest / 20,
        max(section.epochs * steps - warmup, 1),
        warmup_target=highest,
        warmup_steps=warmup,
    )
    kind = keras.optimizers.AdamW if parallel.replicas() == 1 else ClippedTogether
    optimizer = kind(
        rate, weight_decay=section.weight_decay, clipnorm=1.0, use_ema=section.ema > 0, ema_momentum=section.ema or 0.99
    )
    model.compile(optimizer, objective(images.labels[epoch.chosen], images.classes.exclusive, section))
    optimizer.build(model.trainable_variables)
    parallel.build(model, images.shape, images.labels.shape[1])


def averaged(model: keras.Model, section: Training) -> list[np.ndarray]:
    """All weights, the trainable ones averaged over the steps when `training.ema` is on.

    Not keras.callbacks.SwapEMAWeights: it swaps by addition and subtraction, which moves the last digit of the
    weights, and fit() of one epoch ends with the averages in the model as it is. Only this way through NumPy keeps a
    checkpoint under JAX from finding the optimizer's arrays deleted, since they were donated to the compiled step.
    """
    if not section.ema:
        return list(model.get_weights())
    moving = model.optimizer._model_variables_moving_average
    averages = dict(zip(map(id, model.trainable_variables), moving, strict=True))
    return [np.asarray(averages.get(id(v), v)) for v in model.weights]
