"""Where did the model look? A contact sheet of pictures with the maps of one class over them."""

from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from jaxtyping import Float, UInt8

from weldspot.images.dataset import Images
from weldspot.labels import CLASSES
from weldspot.model.evaluation.metrics import PerClass, Scores

mpl.use("Agg")
import matplotlib.pyplot as plt


class Tile(NamedTuple):
    """A picture with its map, 0 to 1, of one class."""

    image: UInt8[np.ndarray, "height width 3"]
    heat: Float[np.ndarray, "rows columns"]
    title: str


def tiles(
    test: Images,
    probabilities: Scores,
    heatmaps: Float[np.ndarray, "n rows columns classes"],
    class_thresholds: PerClass,
) -> list[Tile]:
    """Per class the surest hits, then the worst misses and false alarms."""
    chosen: list[tuple[int, int, str]] = []
    for column in range(len(CLASSES)):
        there = np.flatnonzero(test.labels[:, column])
        best = sorted(there, key=lambda i: -probabilities[i, column])[:2]
        chosen += [(int(i), column, "hit") for i in best if probabilities[i, column] >= class_thresholds[column]]
    error = np.where(test.labels == 1, class_thresholds - probabilities, probabilities - class_thresholds)
    for flat in np.argsort(-error, axis=None, kind="stable")[:10]:
        row, column = divmod(int(flat), len(CLASSES))
        if error[row, column] > 0:
            chosen.append((row, column, "missed" if test.labels[row, column] else "false alarm"))
    found = []
    for row, column, kind in chosen:
        truth = ", ".join(n for n, there in zip(CLASSES, test.labels[row], strict=True) if there)
        title = f"{kind}: {CLASSES[column]} {probabilities[row, column]:.2f}\nis {truth}"
        found.append(Tile(test.decode(np.array([row]))[0], heatmaps[row, :, :, column], title))
    return found


def write_heatmaps(path: Path, shown: list[Tile], columns: int = 6) -> None:
    """The contact sheet, a PNG."""
    rows = max(1, -(-len(shown) // columns))
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 2.2, rows * 2.5), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, (image, heat, title) in zip(axes.flat, shown, strict=False):
        axis.imshow(image)
        extent = (0, image.shape[1], image.shape[0], 0)
        axis.imshow(heat, cmap="inferno", alpha=0.45, vmin=0, vmax=1, extent=extent, interpolation="bicubic")
        axis.set_title(title, fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
