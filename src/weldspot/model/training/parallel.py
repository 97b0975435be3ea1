"""Every GPU of this host takes a part of each minibatch: a step is the one that a single device would make.

JAX by `keras.distribution.DataParallel`, TensorFlow by `tf.distribute.MirroredStrategy`.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import numpy as np
from jaxtyping import Float, Shaped

Inputs = Shaped[np.ndarray, "n ..."]
Labels = Float[np.ndarray, "n classes"]
Weights = Float[np.ndarray, " n"]


def on(names: list[str]) -> AbstractContextManager[object]:
    """A block in which models are made, compiled and trained on all of these devices."""
    if len(names) == 1:
        return nullcontext()
    if keras.backend.backend() == "tensorflow":
        return _mirrored(*names)
    scope: AbstractContextManager[object] = _DataParallel(devices=names).scope()
    return scope


def _mirrored(*names: str) -> AbstractContextManager[object]:
    import tensorflow as tf

    if names not in _strategies:
        _strategies[names] = tf.distribute.MirroredStrategy(names)
    scope: AbstractContextManager[object] = _strategies[names].scope()
    return scope


_strategies: dict[tuple[str, ...], Any] = {}  # one a process: TensorFlow takes the sums of two for each other's


class _DataParallel(keras.distribution.DataParallel):  # type: ignore[misc]  # keras is not typed
    """JAX refuses batches that don't divide evenly: where one is predicted, each device predicts the whole of it."""

    def get_data_layout(self, data_shape: tuple[int, ...]) -> keras.distribution.TensorLayout:
        if data_shape[0] % self.num_model_replicas:
            return keras.distribution.TensorLayout([None] * len(data_shape), self.device_mesh)
        return super().get_data_layout(data_shape)


def replicas() -> int:
    """How many devices a minibatch is split for in the block that this is called in."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return int(tf.distribute.get_strategy().num_replicas_in_sync)
    distribution = keras.distribution.distribution()
    return distribution.num_model_replicas if distribution else 1


def shares(
    batches: Iterable[tuple[Inputs, Labels]], batch_size: int
) -> Iterable[tuple[Inputs, Labels] | tuple[Inputs, Labels, Weights]]:
    """Minibatches as `fit` takes them in such a block; on one device of TensorFlow they are what they are.

    JAX compiles a step for each number of rows, half a minute on a GPU: there each has `batch_size`.
    """
    count, compiled = replicas(), keras.backend.backend() == "jax"
    if count == 1 and not compiled:
        return batches
    return (_filled_up(*batch, count, batch_size if compiled else len(batch[0])) for batch in batches)


def build(model: keras.Model, inputs: tuple[int, ...], classes: int) -> None:
    """Readies a compiled model for `fit` in such a block; `inputs` is the shape of one input.

    Under TensorFlow Keras would build it in each epoch on a minibatch, and no step gets what the feed gave for that.
    """
    count = replicas()
    if count == 1 or keras.backend.backend() != "tensorflow":
        return
    nothing = [np.zeros((count, *shape), np.float32) for shape in (inputs, (classes,), ())]
    model._symbolic_build(data_batch=tuple(nothing))
    model._maybe_symbolic_build = lambda **_: None


def _filled_up(
    inputs: Inputs, labels: Labels, count: int, least: int
) -> tuple[Shaped[np.ndarray, "whole ..."], Float[np.ndarray, "whole classes"], Float[np.ndarray, " whole"]]:
    """The batch with as many rows for each of `count` devices, `least` at least; those that fill it up weigh nothing.

    TensorFlow averages over each device's part and then over the devices, JAX over all rows. So that either is the
    average over the n rows of the batch, each of them weighs as much more as there are too many.
    """
    n = len(inputs)
    full = -(-max(n, least) // count) * count
    rows = np.arange(full) % n
    weights = np.where(np.arange(full) < n, full / n, 0).astype(np.float32)
    return inputs[rows], labels[rows], weights
