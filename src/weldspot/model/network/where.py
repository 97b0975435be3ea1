"""The head that says where: a map of each class, at four times the resolution of the last features.

The class-activation map, from which the probabilities are averaged, is right about *what* and vague about *where*: one
of its cells sees most of the picture. Classes that have boxes get a map of their own, from the last features and the
last ones at a half and a quarter of their stride (as a feature pyramid has them; Lin et al., 2017, arXiv:1612.03144),
the others keep theirs.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from jaxtyping import Bool
from keras import ops

Tensor = Any  # of whichever backend, or Keras' own
_CHANNELS = 64


class Doubled(keras.layers.Layer):  # type: ignore[misc]  # keras is not typed
    """float[batch, h, w, c] and another of about twice its sides → the first, each cell 2×2 times, cut to the other's.

    By concatenation and reshaping: the gradient of Keras' UpSampling2D is not deterministic on every GPU.
    """

    def call(self, x: Tensor, other: Tensor) -> Tensor:
        """The enlarged features."""
        batch, height, width, channels = ops.shape(x)
        wide = ops.reshape(ops.concatenate([x, x], -1), (batch, height, 2 * width * channels))
        high = ops.reshape(ops.concatenate([wide, wide], -1), (batch, 2 * height, 2 * width, channels))
        _, rows, columns, _ = ops.shape(other)
        return high[:, :rows, :columns]

    def compute_output_spec(self, x: keras.KerasTensor, other: keras.KerasTensor) -> keras.KerasTensor:
        """Shapes without computing."""
        return keras.KerasTensor((*other.shape[:3], x.shape[-1]), x.dtype)


class Share(keras.layers.Layer):  # type: ignore[misc]  # keras is not typed
    """float[…, classes] → the same times a number a class, 1 until somebody says otherwise; nothing is learnt."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Makes the numbers."""
        self.share = self.add_weight(name="share", shape=(shape[-1],), initializer="ones", trainable=False)

    def call(self, x: Tensor) -> Tensor:
        """The products."""
        return x * ops.cast(self.share, x.dtype)


def attach(
    class_map: keras.KerasTensor, features: keras.KerasTensor, finer: list[keras.KerasTensor]
) -> keras.KerasTensor:
    """The maps' logits: float[batch, rows, columns, classes], of the size of the last of `finer`, each twice the one
    before; without any, of that of the features.
    """
    known = Share(name="where_class_map")(class_map)
    x = keras.layers.Conv2D(_CHANNELS, 1, name="where_0")(features)
    for level, more in enumerate(finer, 1):
        known = Doubled(name=f"where_class_map_{level}")(known, more)
        own = keras.layers.Conv2D(_CHANNELS, 1, name=f"where_{level}")(more)
        x = keras.layers.Concatenate(name=f"where_to_{level}")([own, Doubled(name=f"where_doubled_{level}")(x, more)])
    x = keras.layers.ReLU(6.0, name="where_relu")(x)
    x = keras.layers.DepthwiseConv2D(3, padding="same", name="where_around")(x)
    x = keras.layers.ReLU(6.0, name="where_around_relu")(x)
    x = keras.layers.Conv2D(class_map.shape[-1], 1, kernel_initializer="zeros", name="where_own")(x)
    return keras.layers.Add(name="where")([known, x])


def features(model: keras.Model) -> keras.Model:
    """The trainer's layers up to what the head looks at: one to three float[batch, rows, columns, channels]."""
    return keras.Model(model.input, _looked_at(model), name="where_features")


def head(model: keras.Model) -> keras.Model:
    """The layers from there to the maps of their own (logits)."""
    return keras.Model(_looked_at(model), model.get_layer("where_own").output, name="where_head")


def _looked_at(model: keras.Model) -> list[keras.KerasTensor]:
    names = {layer.name for layer in model.layers}
    return [model.get_layer(name).input for name in ("where_0", "where_1", "where_2") if name in names]


def use_own(model: keras.Model, classes: Bool[np.ndarray, " classes"]) -> None:
    """These classes have maps of their own from now on, the others the class-activation map."""
    model.get_layer("where_class_map").set_weights([np.where(classes, 0, 1).astype(np.float32)])


def raise_by(model: keras.Model, logits: Sequence[float]) -> None:
    """Adds a number to the map of each class."""
    layer = model.get_layer("where_own")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, (bias + np.array(logits)).astype(np.float32)])
