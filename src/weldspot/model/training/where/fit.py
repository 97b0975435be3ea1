"""Teaches the head of the maps on boxes; the network before it, and so what it says there is, stays as it was."""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from jaxtyping import Float32, UInt8

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.images.places.cells import UNKNOWN, cells
from weldspot.model.evaluation import pointing
from weldspot.model.network import classifier, where
from weldspot.model.network.inference import predict
from weldspot.model.training import minibatches
from weldspot.model.training.where.features import Features
from weldspot.model.training.where.loss import cells_cross_entropy
from weldspot.runtime.terminal.progress import Progress

MOST = 2048  # photographs that are learnt from: their features take a megabyte of disk each
_BATCH = 32
_RATE, _DECAY = 2e-3, 1e-3


def fit(model: keras.Model, images: Images, val: Images, section: Training, folder: Path) -> None:
    """Teaches the maps in place where some of the images have boxes; classes that none has keep theirs.

    Args:
        model: as `classifier.build` makes it, trained.
        images: what is learnt from; its originals are.
        val: where a map of them is to be cut for the outline that agrees best with the boxes: there it will be 0.5.
        section: `box_steps` minibatches are taken, 0 teaches nothing.
        folder: for a scratch file.
    """
    if not section.box_steps or not images.placed.any():
        return
    rng = np.random.default_rng([section.seed, section.box_steps])
    rows = minibatches.thinned(images, rng.permutation(np.flatnonzero(images.variants == 0)))
    originals = images.take(np.sort(rows[:MOST]))
    head = where.head(model)
    schedule = keras.optimizers.schedules.CosineDecay(_RATE, section.box_steps)
    head.compile(keras.optimizers.AdamW(schedule, weight_decay=_DECAY), cells_cross_entropy)
    print(f"train: where, on the boxes of {len(originals)} photographs")
    with (
        Features(where.features(model), originals, folder) as features,
        Progress(total=section.box_steps, desc="train: where", unit="batch") as bar,
    ):
        step = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs=None: bar.update())
        pairs = _pairs(originals, images, features, classifier.grid(model, images.shape[0]), rng)
        head.fit(pairs, steps_per_epoch=section.box_steps, shuffle=False, verbose=0, callbacks=[step])
    where.use_own(model, images.placed)
    levels = pointing.outline_levels(val, predict(model, val)[1])
    own = images.placed.tolist()
    where.raise_by(model, [-level if mine and level else 0.0 for mine, level in zip(own, levels, strict=True)])


def _pairs(
    originals: Images, images: Images, features: Features, grid: tuple[int, int], rng: np.random.Generator
) -> Iterator[tuple[tuple[Float32[np.ndarray, "k h w c"], ...], UInt8[np.ndarray, "k rows columns classes"]]]:
    """Minibatches without end, each turned or mirrored as a whole; all have one size, which is compiled once."""
    assert originals.boxes is not None
    size = images.shape[:2]
    while True:
        order = rng.permutation(len(originals))
        for start in range(0, len(order), _BATCH):
            rows = np.resize(order[start:], _BATCH) if len(order) < start + _BATCH else order[start : start + _BATCH]
            turn = int(rng.integers(8))
            truth = cells(originals.boxes, rows, originals.labels[rows], size, grid, np.full(len(rows), turn, np.int64))
            truth[..., ~images.placed] = UNKNOWN
            yield tuple(_turned(layer, turn) for layer in features.take(rows)), truth


def _turned(layer: Float32[np.ndarray, "k h w c"], turn: int) -> Float32[np.ndarray, "k h w c"]:
    """As `images.feed.turned` lays a picture down."""
    mirrored = layer[:, :, ::-1] if turn >= 4 else layer
    return np.ascontiguousarray(np.rot90(mirrored, turn % 4, (1, 2)))
