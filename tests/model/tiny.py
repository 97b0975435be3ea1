"""A classifier and images small enough for a unit test."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import keras
import numpy as np
import pyarrow as pa
import pytest
from weld_classes import WELD

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.images.places.boxes import Boxes, none
from weldspot.model.network import backbones, classifier
from weldspot.model.training.minibatches import Minibatches

SIZE = 64


def images(count: int = 24, seed: int = 0) -> Images:
    """Noise whose brightest third says which class it is."""
    rng = np.random.default_rng(seed)
    labels = np.eye(7, dtype=np.uint8)[np.arange(count) % 7]
    encoded = []
    for index in range(count):
        picture = rng.integers(0, 120, (SIZE, SIZE, 3), dtype=np.uint8)
        picture[(index % 7) * 8 : (index % 7) * 8 + 12] += 120
        encoded.append(cv2.imencode(".png", picture)[1].tobytes())
    names = [f"{index:064x}" for index in range(count)]
    pictures = pa.chunked_array([encoded], pa.binary())
    return Images(WELD, names, np.zeros(count, int), labels, np.array(names), pictures, boxes(labels))


def boxes(labels: np.ndarray) -> Boxes:
    """Around what is bright in `images`."""
    count, top = len(labels), labels.argmax(1) * 8
    corners = np.stack([np.zeros(count), top, np.full(count, SIZE), top + 12], 1).astype(np.float32)
    rows = np.arange(count)
    return Boxes(rows, rows + 1, labels.argmax(1).astype(np.int32), corners, none(count).placements)


def pairs(epoch: Minibatches) -> list[tuple[np.ndarray, np.ndarray]]:
    """All of an epoch's minibatches."""
    with epoch.feed() as feed:
        return list(epoch.pairs(feed))


def features(x: keras.KerasTensor, _: str | None = None) -> keras.KerasTensor:
    """Two small convolutions in place of a backbone, where that is not what is tested: they compile in no time."""
    layers = keras.layers
    x = layers.Rescaling(1 / 128, -1.0)(x)
    for index, filters in enumerate((8, 16)):
        x = layers.Conv2D(filters, 3, 4, padding="same", use_bias=False, name=f"block{index}")(x)
        x = layers.BatchNormalization(name=f"block{index}_norm")(x)
        x = layers.ReLU(6.0)(x)
    return x


@contextmanager
def small_backbone() -> Iterator[None]:
    """mobilenet_025 is those convolutions inside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(backbones._APPLICATIONS, "mobilenet_025", features)
        yield


def network(dropout: float = 0.0) -> keras.Model:
    """A classifier on them, for pictures of any size."""
    with small_backbone():
        return classifier.what(classifier.build("mobilenet_025", None, 7, dropout=dropout))


def training(**changes: object) -> Training:
    values: dict[str, object] = {
        "name": "quick", "backbone": "mobilenet_025", "weights": "none", "seed": 0, "batch_size": 8, "head_epochs": 2,
        "head_learning_rate": 0.01, "epochs": 3, "learning_rate": 0.001, "warmup_epochs": 0.5, "weight_decay": 0.0001,
        "dropout": 0.2, "label_smoothing": 0.02, "max_class_weight": 5.0, "ema": 0.9, "frozen_layers": 0, "patience": 5,
        "clean_epochs": 0, "box_steps": 4,
    }  # fmt: skip
    return Training.model_validate(values | changes)
