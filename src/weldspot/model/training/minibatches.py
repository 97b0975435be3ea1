"""Minibatches of training images, the same for the same (seed, epoch) whatever came before."""

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from jaxtyping import Float32, Int, UInt8

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed


class Minibatches:
    """One epoch: every photograph once, as its original or one of its variants, in random order.

    Only the background is thinned: hard negatives are cheap to crop and easy to learn, and more would fill the epoch
    without teaching it anything. Each epoch draws others.

    A clean epoch has the originals alone, by chance turned by quarters and mirrored.
    """

    def __init__(self, images: Images, batch_size: int, seed: int, epoch: int, clean: bool = False) -> None:
        self.images, self.batch_size = images, batch_size
        rng = np.random.default_rng([seed, epoch])
        self.chosen = thinned(images, _originals(images, rng) if clean else _one_variant_each(images, rng))
        self.turns = rng.integers(8, size=len(self.chosen)) if clean else None

    def __len__(self) -> int:
        return math.ceil(len(self.chosen) / self.batch_size)

    def feed(self) -> Feed:
        """Decodes the pictures ahead of the steps, which are to be taken from `pairs` inside its `with` block."""
        return Feed(self.images, self.chosen, self.batch_size, self.turns)

    def pairs(
        self, feed: Feed
    ) -> Iterator[tuple[UInt8[np.ndarray, "n height width 3"], Float32[np.ndarray, "n classes"]]]:
        """Pictures (0 to 255: the device makes floats of them, a quarter of the bytes to hand over) and labels."""
        for pictures, start in zip(feed, range(0, len(self.chosen), self.batch_size), strict=True):
            rows = self.chosen[start : start + self.batch_size]
            yield pictures, self.images.labels[rows].astype(np.float32)


def _one_variant_each(images: Images, rng: np.random.Generator) -> np.ndarray:
    shuffled = rng.permutation(len(images))
    photographs = pa.array(images.ids).dictionary_encode().indices.to_numpy()[shuffled]
    _, first = np.unique(photographs, return_index=True)
    return shuffled[np.sort(first)]


def _originals(images: Images, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.flatnonzero(images.variants == 0))


def thinned(images: Images, rows: Int[np.ndarray, " rows"]) -> Int[np.ndarray, " kept"]:
    """The rows without what the background has more of than the other classes' median: its last ones go."""
    column = images.classes.background_column
    if column is None:
        return rows
    others = np.delete(images.labels[rows].sum(0), column)
    if not others.any():
        return rows
    background = np.flatnonzero(images.labels[rows, column])
    return np.delete(rows, background[int(np.median(others[others > 0])) :])
