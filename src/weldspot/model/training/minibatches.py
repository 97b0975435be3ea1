"""Minibatches of training images, the same for the same (seed, epoch) whatever came before."""

import math

import keras
import numpy as np
from jaxtyping import Float, Int

from weldspot.images.dataset import Images


class Minibatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras is not typed
    """One epoch: every photograph once, as its original or one of its variants, in random order.

    Only the background is thinned: hard negatives are cheap to crop and easy to learn, and more would fill the epoch
    without teaching it anything. Each epoch draws others.

    A clean epoch has the originals alone, by chance turned by quarters and mirrored.
    """

    def __init__(self, images: Images, batch_size: int, seed: int, epoch: int, clean: bool = False) -> None:
        super().__init__(workers=1)
        self.images, self.batch_size = images, batch_size
        rng = np.random.default_rng([seed, epoch])
        self.chosen = thinned(images, _originals(images, rng) if clean else _one_variant_each(images, rng))
        self.turns = rng.integers(8, size=len(self.chosen)) if clean else np.zeros(len(self.chosen), int)

    def __len__(self) -> int:
        return math.ceil(len(self.chosen) / self.batch_size)

    def __getitem__(self, index: int) -> tuple[Float[np.ndarray, "n height width 3"], Float[np.ndarray, "n classes"]]:
        """Pictures in 0..255 and labels of one minibatch."""
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        rows = self.chosen[part]
        pictures = np.stack(
            [_turned(*pair) for pair in zip(self.images.decode(rows), self.turns[part].tolist(), strict=True)]
        )
        return pictures.astype(np.float32), self.images.labels[rows].astype(np.float32)


def _one_variant_each(images: Images, rng: np.random.Generator) -> np.ndarray:
    shuffled = rng.permutation(len(images))
    ids = np.array(images.ids)[shuffled]
    _, first = np.unique(ids, return_index=True)
    return shuffled[np.sort(first)]


def _originals(images: Images, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.flatnonzero(images.variants == 0))


def _turned(picture: np.ndarray, turn: int) -> np.ndarray:
    """One of the eight ways to lay a square picture down; 0 is as it is."""
    return np.rot90(picture[:, ::-1] if turn >= 4 else picture, turn % 4)


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
