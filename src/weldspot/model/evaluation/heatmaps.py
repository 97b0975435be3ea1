"""Where does the model say it is? A contact sheet of photographs with the boxes that people drew of a class, and each
again with the model's map of that class over it.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import NamedTuple

import cv2
import matplotlib as mpl
import numpy as np
from jaxtyping import Float, UInt8

from weldspot.images.dataset import Images
from weldspot.model.evaluation.metrics import PerClass, Scores
from weldspot.model.evaluation.pointing import OUTLINE

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

HITS, MISTAKES = 2, 10  # of each class, and in all
_COLUMNS, _HEIGHT = 3, 2.75  # pairs in a row, inches of a row
_TITLE_WIDTH, _NAME_WIDTH = 58, 60  # letters over and under a pair of pictures
_MAP = "inferno"
_BAR = 92  # colours of the bar, six pixels each: where one ends between two pixels the last digit of a float is seen


class Tile(NamedTuple):
    """A picture with its map, 0 to 1, and its boxes (corners in pixels) of one class; `name`: the photograph's file."""

    image: UInt8[np.ndarray, "height width 3"]
    heat: Float[np.ndarray, "rows columns"]
    title: str
    name: str
    boxes: list[Float[np.ndarray, "4 2"]]


def tiles(
    test: Images,
    probabilities: Scores,
    heatmaps: Float[np.ndarray, "n rows columns classes"],
    class_thresholds: PerClass,
    names: Sequence[str],
) -> list[Tile]:
    """Per class the surest hits, then the worst misses and false alarms; no scene twice. `names`: of the n files."""
    seen: set[str] = set()
    chosen: list[tuple[int, int, str]] = []

    def choose(candidates: list[tuple[int, int, str]], most: int) -> None:
        for row, column, kind in candidates:
            if most and (scene := str(test.groups[row])) not in seen:
                seen.add(scene)
                chosen.append((row, column, kind))
                most -= 1

    for column in range(len(test.classes)):
        hits = np.flatnonzero((test.labels[:, column] == 1) & (probabilities[:, column] >= class_thresholds[column]))
        best = hits[np.argsort(-probabilities[hits, column], kind="stable")]
        choose([(int(row), column, "hit") for row in best], HITS)
    choose(_mistakes(test, probabilities, class_thresholds), MISTAKES)
    return [_tile(test, probabilities, heatmaps, names, one) for one in chosen]


def _mistakes(test: Images, probabilities: Scores, class_thresholds: PerClass) -> list[tuple[int, int, str]]:
    """Row, class and kind, the farthest from its threshold first."""
    error = np.where(test.labels == 1, class_thresholds - probabilities, probabilities - class_thresholds)
    worst = (divmod(int(flat), len(test.classes)) for flat in np.argsort(-error, axis=None, kind="stable"))
    wrong = [(row, column) for row, column in worst if error[row, column] > 0]
    return [(row, column, "missed" if test.labels[row, column] else "false alarm") for row, column in wrong]


def _tile(
    test: Images,
    probabilities: Scores,
    heatmaps: Float[np.ndarray, "n rows columns classes"],
    names: Sequence[str],
    chosen: tuple[int, int, str],
) -> Tile:
    row, column, kind = chosen
    truth = ", ".join(test.classes.shown(test.labels[row]))
    title = f"{kind}: {test.classes.names[column]} {probabilities[row, column]:.2f}\nlabelled {truth or 'with nothing'}"
    classes, shapes = test.boxes.shapes(row) if test.boxes is not None else (np.zeros(0), np.zeros((0, 4, 2)))
    boxes = list(shapes[classes == column])
    return Tile(test.decode(np.array([row]))[0], heatmaps[row, :, :, column], title, names[row], boxes)


def write_heatmaps(path: Path, shown: list[Tile]) -> None:
    """The contact sheet, a PNG: pairs of pictures, and what the colours mean."""
    rows = max(1, -(-len(shown) // _COLUMNS))
    figure = plt.figure(figsize=(4.6 * _COLUMNS, _HEIGHT * rows + 0.75), layout="constrained")
    sheet, legend = figure.subfigures(2, 1, height_ratios=[_HEIGHT * rows, 0.75], squeeze=False).flat
    for cell, tile in zip(sheet.subfigures(rows, _COLUMNS, squeeze=False).flat, shown, strict=False):
        photograph, overlay = cell.subplots(1, 2)
        _pair(photograph, overlay, tile)
        cell.suptitle(_wrapped(tile.title), fontsize=8, x=0.02, ha="left")
        cell.supxlabel(_shortened(tile.name), fontsize=7, x=0.02, ha="left", color="0.35")
    colours = mpl.colormaps[_MAP].resampled(_BAR)
    scale = plt.cm.ScalarMappable(norm=mpl.colors.Normalize(0, 1), cmap=colours)
    bar = legend.colorbar(scale, cax=legend.add_axes((0.3, 0.62, 0.4, 0.2)), orientation="horizontal")
    bar.set_label("boxes that people drew (left); the map of the class, its outline in white (right)", fontsize=8)
    bar.ax.tick_params(labelsize=7)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)


def _pair(photograph: Axes, overlay: Axes, tile: Tile) -> None:
    """The photograph, and its grey copy under the map, which is the more opaque the larger it is."""
    height, width = tile.image.shape[:2]
    heat = np.clip(cv2.resize(tile.heat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
    photograph.imshow(tile.image)
    overlay.imshow(cv2.cvtColor(tile.image, cv2.COLOR_RGB2GRAY), cmap="gray", vmin=0, vmax=255)
    overlay.imshow(heat, cmap=_MAP, vmin=0, vmax=1, alpha=0.6 * np.sqrt(heat))
    if heat.max() >= OUTLINE > heat.min():
        overlay.contour(heat, [OUTLINE], colors="white", linewidths=0.8)
    for box in tile.boxes:
        photograph.add_patch(Polygon(box - 0.5, fill=False, edgecolor="cyan", linewidth=0.8))
    for axes in (photograph, overlay):
        axes.axis("off")


def _wrapped(title: str) -> str:
    return "\n".join(fill(line, _TITLE_WIDTH) for line in title.splitlines())


def _shortened(name: str) -> str:
    """The file's name; of a long one its end, which tells frames and copies apart."""
    return name if len(name) <= _NAME_WIDTH else f"…{name[1 - _NAME_WIDTH :]}"
