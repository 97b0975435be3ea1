"""Fingerprints of pictures with copies among them, and how images are grouped from what was found."""

from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from weldspot.images.scenes.fingerprint import DIMENSIONS, TURNS, turned_by
from weldspot.images.scenes.nearness.print_file import PrintFile


def unit(vectors: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def strangers(n: int, seed: int) -> Float[np.ndarray, "n 1024"]:
    """White noise: the hardest, nothing leads from one to another."""
    return unit(np.random.default_rng(seed).normal(size=(n, DIMENSIONS)))


def copies(
    of: Float[np.ndarray, "n 1024"], likeness: Float[np.ndarray, " n"], seed: int
) -> Float[np.ndarray, "n 1024"]:
    """Copies with exactly this correlation, each after one of the eight turns."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=of.shape)
    noise = unit(noise - (noise * of).sum(1, keepdims=True) * of)
    found = likeness[:, None] * of + np.sqrt(1 - likeness[:, None] ** 2) * noise
    turns: Int[np.ndarray, " n"] = rng.integers(0, TURNS, len(of))
    return np.concatenate([turned_by(row[None], int(turn)) for row, turn in zip(found, turns, strict=True)]).astype(
        np.float32
    )


def stored(folder: Path, prints: Float[np.ndarray, "n 1024"]) -> PrintFile:
    file = PrintFile(folder / "prints")
    file.path.unlink(missing_ok=True)
    file.append(prints)
    return file
