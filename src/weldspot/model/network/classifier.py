"""The classifier: backbone, class-activation map, global average pooling, and beside it the head that says where.

The map comes first and is averaged into the logits (a 1×1 convolution and average pooling commute; Zhou et al., 2016,
arXiv:1512.04150). What is shown is `where`, which boxes teach.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from jaxtyping import Float
from pydantic import BaseModel

from weldspot.labels import ClassList
from weldspot.model.network import where
from weldspot.model.network.backbones import backbone_of, extractor, finer, model_name
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

WEIGHTS, SPEC = "model.weights.h5", "model.json"


class _Spec(BaseModel):
    backbone: str
    size: int
    classes: list[str]


def build(
    backbone: str, size: int | None, classes: int, weights: str = "none", dropout: float = 0.0,
    precision: str = "float32",
) -> keras.Model:  # fmt: skip
    """Trainer: float[batch, size, size, 3] in 0..255 → logits and where they come from; size None takes any.

    Gives [float[batch, classes], float[batch, rows, columns, classes]], both logits, by the layers … `dropout`,
    `class_map`, `logits`, …, `where`. Batch-norm statistics are frozen. `precision` is what the backbone computes in,
    as in `training.precision`; weights, maps and logits are float32.
    """
    with _computing_in(precision):
        base = extractor(backbone, size, weights)
    for layer in _layers(base):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    x = keras.layers.SpatialDropout2D(dropout, seed=0, name="dropout")(base.output)
    class_map = keras.layers.Conv2D(classes, 1, name="class_map")(x)
    logits = keras.layers.GlobalAveragePooling2D(name="logits")(class_map)
    maps = where.attach(class_map, base.output, finer(backbone, base))
    return keras.Model(base.input, [logits, maps], name=model_name(backbone))


def what(model: keras.Model) -> keras.Model:
    """The same layers up to the logits, for training."""
    return keras.Model(model.input, model.output[0], name=model.name)


def grid(model: keras.Model, size: int) -> tuple[int, int]:
    """Rows and columns of the map of a picture of `size` pixels."""
    _, rows, columns, _ = model.compute_output_shape((1, size, size, 3))[1]
    return rows, columns


@contextmanager
def _computing_in(precision: str) -> Iterator[None]:
    """Layers made inside compute in it, and keep their weights in float32."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32" if precision == "float32" else f"mixed_{precision}")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _layers(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """Its layers, and those of models that are layers of it."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)


def scorer(model: keras.Model, exclusive: bool) -> keras.Model:
    """The same layers with what the phone sees, both in 0..1.

    Of an exclusive list the probabilities add up to one. Gives
    (probabilities float[batch, classes], heatmaps float[batch, rows, columns, classes]).
    """
    logits, maps = model.output
    probabilities = keras.layers.Activation("softmax" if exclusive else "sigmoid", name="probabilities")(logits)
    heatmaps = keras.layers.Activation("sigmoid", name="heatmaps")(maps)
    return keras.Model(model.input, [probabilities, heatmaps], name="scorer")


def embedder(model: keras.Model) -> keras.Model:
    """The same layers up to the pooled features: float[batch, channels]."""
    features = model.get_layer("dropout").input
    return keras.Model(model.input, keras.layers.GlobalAveragePooling2D(name="embedding")(features), name="embedder")


def set_head(
    model: keras.Model, kernel: Float[np.ndarray, "channels classes"], bias: Float[np.ndarray, " classes"]
) -> None:
    """Puts a linear head that was trained on pooled features into the class map."""
    model.get_layer("class_map").set_weights([kernel[None, None], bias])


def save(model: keras.Model, size: int, classes: ClassList, folder: Path) -> None:
    """Weights and what it takes to rebuild the model for pictures of `size`; the same weights give the same bytes."""
    spec = {"backbone": backbone_of(model), "size": size, "classes": list(classes.names)}
    (folder / SPEC).write_text(json.dumps(spec, indent=2) + "\n")
    bare = keras.Model(model.input, model.output, name=model.name)  # without the optimizer, three times the size
    bare.save_weights(folder / WEIGHTS)


def load(folder: Path, classes: ClassList) -> keras.Model:
    """The trainer as saved.

    Raises:
        WeldspotError: there is none, or its classes are others.
    """
    try:
        spec = state_files.read_json(folder / SPEC, _Spec, state_files.FROM_GRAPH)
        if tuple(spec.classes) != classes.names:
            raise WeldspotError(f"{folder / SPEC}: trained for other classes ({', '.join(spec.classes)}); retrain it")
        model = build(spec.backbone, spec.size, len(classes))
        with state_files.reading(folder / WEIGHTS, state_files.FROM_GRAPH):
            model.load_weights(folder / WEIGHTS)
    except FileNotFoundError as error:
        raise WeldspotError(f"{error.filename or folder}: no such file; run `dvc repro train` first") from None
    return model
