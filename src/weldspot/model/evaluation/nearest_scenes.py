"""How like the training scenes are the test scenes? What names and fingerprints have missed shows here."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from jaxtyping import Float, Int, Shaped, UInt8

from weldspot.images.dataset import Images
from weldspot.runtime.csv_files import cells

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

PAIRS = 10  # in the picture
MAX_TRAIN = 2000  # photographs that are compared
_BLOCK = 1024
_NAME_WIDTH = 36  # letters under a picture


class Pair(NamedTuple):
    """The nearest training photograph of a test scene: positions among both, and their distance."""

    test: int
    train: int
    distance: float


def whole(images: Images, source_of: dict[str, str], most: int | None = None) -> Int[np.ndarray, " k"]:
    """Positions of the photographs that are no crops; of many those whose ids come first."""
    found = [i for i, image_id in enumerate(images.ids) if source_of[image_id] != "crop"]
    return np.array(sorted(sorted(found, key=lambda i: images.ids[i])[:most]), int)


def nearest(
    test: Float[np.ndarray, "n channels"], groups: Shaped[np.ndarray, " n"], train: Float[np.ndarray, "m channels"]
) -> list[Pair]:
    """For each test scene its nearest pair, the nearest first.

    Args:
        test: Embeddings, as `groups` names their scenes.
        groups: Of the test photographs.
        train: Embeddings.
    """
    best: dict[str, Pair] = {}
    known = _normal(train)
    for start in range(0, len(test), _BLOCK):
        apart = 1 - _normal(test[start : start + _BLOCK]) @ known.T
        for row, column in enumerate(apart.argmin(1).tolist()):
            pair = Pair(start + row, column, float(apart[row, column]))
            scene = str(groups[pair.test])
            if scene not in best or pair.distance < best[scene].distance:
                best[scene] = pair
    return sorted(best.values(), key=lambda pair: (pair.distance, pair.test))


def within_scenes(test: Float[np.ndarray, "n channels"], groups: Shaped[np.ndarray, " n"]) -> float | None:
    """The median distance of a photograph to the next one of its own scene; None where each is alone."""
    found: list[float] = []
    for scene in np.unique(groups):
        vectors = _normal(test[groups == scene])
        if len(vectors) > 1:
            apart = 1 - vectors @ vectors.T
            np.fill_diagonal(apart, np.inf)
            found += apart.min(1).tolist()
    return float(np.median(found)) if found else None


def _normal(vectors: Float[np.ndarray, "n channels"]) -> Float[np.ndarray, "n channels"]:
    wide = vectors.astype(np.float32)
    normal: Float[np.ndarray, "n channels"] = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12)
    return normal


def write(folder: Path, pairs: Sequence[Pair], test: Images, train: Images, name_of: dict[str, str]) -> None:
    """Writes nearest_scenes.csv, a row a test scene, and nearest_scenes.png, the nearest pairs side by side."""
    header = ("test_scene", "train_scene", "distance", "test_name", "train_name")
    rows = (
        (
            *(str(test.groups[pair.test]), str(train.groups[pair.train]), f"{pair.distance:.4f}"),
            *(name_of[test.ids[pair.test]], name_of[train.ids[pair.train]]),
        )
        for pair in pairs
    )
    cells.write(folder / "nearest_scenes.csv", header, rows)
    _draw(folder / "nearest_scenes.png", pairs[:PAIRS], test, train, name_of)


def _draw(path: Path, pairs: Sequence[Pair], test: Images, train: Images, name_of: dict[str, str]) -> None:
    columns = 2
    rows = max(1, -(-len(pairs) // columns))
    figure = plt.figure(figsize=(5.2 * columns, 2.9 * rows + 0.5), layout="constrained")
    figure.suptitle("The test scenes that are most like a training scene: are two of them one?", fontsize=10)
    for cell, pair in zip(figure.subfigures(rows, columns, squeeze=False).flat, pairs, strict=False):
        cell.suptitle(f"embedding distance {pair.distance:.3f}", fontsize=8)
        sides = ("test", test, pair.test), ("train", train, pair.train)
        for axes, (split, images, position) in zip(cell.subplots(1, 2), sides, strict=True):
            _show(
                axes,
                images.decode(np.array([position]))[0],
                f"{split}: {PurePosixPath(name_of[images.ids[position]]).name}",
            )
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)


def _show(axes: Axes, picture: UInt8[np.ndarray, "height width 3"], caption: str) -> None:
    axes.imshow(picture)
    axes.set_xlabel(caption if len(caption) <= _NAME_WIDTH else f"{caption[:_NAME_WIDTH]}…", fontsize=7, color="0.35")
    axes.set(xticks=[], yticks=[])


def sentence(pairs: Sequence[Pair], compared: int, within: float | None) -> str:
    """What the distances are, in one line."""
    if not pairs:
        return "no training photograph to hold test scenes against"
    distances = [pair.distance for pair in pairs]
    own = "" if within is None else f"; two photographs of one scene are {within:.3f} apart"
    return (
        f"from a test scene to the nearest of {compared} training photographs it is {np.median(distances):.3f} "
        f"in the median, {min(distances):.3f} at least{own}"
    )
