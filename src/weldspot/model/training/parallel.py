"""Every GPU of this host takes a part of each minibatch: a step is the one that a single device would make.

JAX by `keras.distribution.DataParallel`, TensorFlow by `tf.distribute.MirroredStrategy`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

import keras
import numpy as np
from jaxtyping import Float, Shaped

Pictures = Shaped[np.ndarray, "n height width 3"]
Labels = Float[np.ndarray, "n classes"]
Weights = Float[np.ndarray, " n"]


def devices() -> list[str]:
    """What the backend trains on, by its own names: all GPUs, else the CPU (several only where it was told so)."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        return [device.name for device in found]
    return list(keras.distribution.list_devices())


def on(names: list[str]) -> AbstractContextManager[object]:
    """A block in which models are made, compiled and trained on all of these devices."""
    if len(names) == 1:
        return nullcontext()
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        scope: AbstractContextManager[object] = tf.distribute.MirroredStrategy(names).scope()
    else:
        scope = _DataParallel(devices=names).scope()
    return scope


class _DataParallel(keras.distribution.DataParallel):  # type: ignore[misc]  # keras is not typed
    """JAX refuses minibatches that don't divide evenly; the odd one, an epoch's last, each device computes whole."""

    def get_data_layout(self, data_shape: tuple[int, ...]) -> keras.distribution.TensorLayout:
        if data_shape[0] % self.num_model_replicas:
            return keras.distribution.TensorLayout([None] * len(data_shape), self.device_mesh)
        return super().get_data_layout(data_shape)


def shares(
    batches: Iterable[tuple[Pictures, Labels]],
) -> Iterable[tuple[Pictures, Labels] | tuple[Pictures, Labels, Weights]]:
    """The minibatches as `fit` takes them in this block; asked for outside the block they are as they were."""
    if keras.backend.backend() != "tensorflow":
        return batches
    import tensorflow as tf

    count = tf.distribute.get_strategy().num_replicas_in_sync
    return batches if count == 1 else (_filled_up(*batch, count) for batch in batches)


def _filled_up(pictures: Pictures, labels: Labels, count: int) -> tuple[Pictures, Labels, Weights]:
    """The batch with as many pictures for each of `count` devices; those that fill it up weigh nothing.

    TensorFlow averages over each device's part, then over the devices. So that this is the average over the n pictures
    of the batch, each weighs as much more as there are too many.
    """
    n = len(pictures)
    whole = -(-n // count) * count
    rows = np.arange(whole) % n
    weights = np.where(np.arange(whole) < n, whole / n, 0).astype(np.float32)
    return pictures[rows], labels[rows], weights


def described() -> Iterator[str]:
    """The devices as people know them, "NVIDIA H100 80GB HBM3" or "CPU"."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for device in tf.config.list_physical_devices("GPU"):
            yield str(tf.config.experimental.get_device_details(device).get("device_name", device.name))
        if not tf.config.list_physical_devices("GPU"):
            yield "CPU"
        return
    import jax

    for device in jax.devices():
        yield "CPU" if device.platform == "cpu" else str(device.device_kind)
