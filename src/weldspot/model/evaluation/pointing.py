"""Are the maps right about where? Each class's map held against the boxes that people drew.

Pointing game: does the map's peak lie in a box of the class (Zhang et al., 2018, arXiv:1608.00507)? Beside it stand
those who look at nothing: the middle of the picture, and a random point.
"""

from typing import NamedTuple, TypedDict

import numpy as np
from jaxtyping import Float, Shaped

from weldspot.images.dataset import Images

OUTLINE = 0.5  # of a map: what is above is said to be inside
_SAMPLES = 4  # along a side of a cell, for areas
_LEVELS = 48  # of a map that are tried as its outline


class ClassPlaces(TypedDict):
    """Means over the images that have a box of the class, 0 to 1; None where there is no such image.

    `pointing`: the middle of the map's highest cell is in a box; `pointing_near`: or within one cell of it. `centre`,
    `chance`: the same (not near) of the picture's middle and of any point. `energy`: the share of the map's sum that
    lies in boxes; `iou`: what the map calls inside against the boxes, intersection over union.
    """

    images: int
    scenes: int
    pointing: float | None
    pointing_near: float | None
    centre: float | None
    chance: float | None
    energy: float | None
    iou: float | None


class _Found(NamedTuple):
    pointing: bool
    near: bool
    centre: bool
    chance: float
    energy: float
    iou: float


def measured(images: Images, heatmaps: Float[np.ndarray, "n rows columns classes"]) -> dict[str, ClassPlaces]:
    """Each class but the background; `heatmaps`: 0 to 1."""
    background = images.classes.background_column
    return {
        name: _of_class(images, heatmaps[..., column], column)
        for column, name in enumerate(images.classes.names)
        if column != background
    }


def better_than_the_centre(found: ClassPlaces) -> bool:
    """Whether somebody may be shown this map; one that was held against nothing is not."""
    pointing, centre = found["pointing"], found["centre"]
    return pointing is not None and centre is not None and pointing > centre


def mean(found: dict[str, ClassPlaces], name: str) -> float | None:
    """Of a number over the classes that have it."""
    values = [row[name] for row in found.values() if row[name] is not None]  # type: ignore[literal-required]
    return round(float(np.mean(values)), 6) if values else None


def outline_levels(images: Images, maps: Float[np.ndarray, "n rows columns classes"]) -> list[float | None]:
    """For each class the level above which its maps agree best with the boxes (mean IoU); None without any."""
    found: list[float | None] = []
    for column in range(len(images.classes)):
        areas = _areas(images, column, maps.shape[1:3])
        if not areas:
            found.append(None)
            continue
        mine = maps[list(areas), :, :, column]
        levels = np.quantile(mine, np.linspace(0.02, 0.998, _LEVELS))
        inside = np.stack(list(areas.values()))
        fine = mine.repeat(_SAMPLES, 1).repeat(_SAMPLES, 2)
        overlaps = [
            ((fine >= level) & inside).sum((1, 2)) / np.maximum(((fine >= level) | inside).sum((1, 2)), 1)
            for level in levels
        ]
        found.append(float(levels[int(np.mean(overlaps, 1).argmax())]))
    return found


def _areas(images: Images, column: int, grid: tuple[int, ...]) -> dict[int, Shaped[np.ndarray, "height width"]]:
    """Position → the samples in boxes of the class, for every image that has some."""
    found = {}
    size = np.array([images.shape[1] / grid[1], images.shape[0] / grid[0]])
    for row in np.flatnonzero(images.labels[:, column]).tolist() if images.boxes is not None else []:
        classes, shapes = images.boxes.shapes(row)  # type: ignore[union-attr]
        if (mine := shapes[classes == column]).size:
            found[row] = _area(mine / size, grid)
    return found


def _of_class(images: Images, maps: Float[np.ndarray, "n rows columns"], column: int) -> ClassPlaces:
    rows: list[int] = []
    found: list[_Found] = []
    for row in np.flatnonzero(images.labels[:, column]).tolist() if images.boxes is not None else []:
        classes, shapes = images.boxes.shapes(row)  # type: ignore[union-attr]
        if (mine := shapes[classes == column]).size:
            rows.append(row)
            found.append(_compared(maps[row], mine, images.shape[:2]))
    means = np.mean(np.array(found, float).reshape(-1, 6), 0).round(6).tolist() if found else [None] * 6
    names = ("pointing", "pointing_near", "centre", "chance", "energy", "iou")
    scenes = len(set(images.groups[rows].tolist()))
    return {"images": len(rows), "scenes": scenes} | dict(zip(names, means, strict=True))  # type: ignore[return-value]


def _compared(
    heat: Float[np.ndarray, "rows columns"], shapes: Float[np.ndarray, "m 4 2"], size: tuple[int, int]
) -> _Found:
    """One map; `shapes`: corners in pixels of the picture, whose height and width are `size`."""
    cell = np.array([size[1] / heat.shape[1], size[0] / heat.shape[0]])
    low, high = shapes.min(1), shapes.max(1)

    def held(point: Float[np.ndarray, " 2"], margin: Float[np.ndarray, " 2"]) -> bool:
        return bool(((low - margin <= point) & (point <= high + margin)).all(1).any())

    y, x = divmod(int(heat.argmax()), heat.shape[1])
    peak, middle, none = (np.array([x, y]) + 0.5) * cell, np.array([size[1], size[0]]) / 2, np.zeros(2)
    inside = _area(shapes / cell, heat.shape)
    share = inside.reshape(heat.shape[0], _SAMPLES, heat.shape[1], _SAMPLES).mean((1, 3))
    outline = np.repeat(np.repeat(heat >= OUTLINE, _SAMPLES, 0), _SAMPLES, 1)
    union = (inside | outline).sum()
    return _Found(
        held(peak, none), held(peak, cell), held(middle, none), float(inside.mean()),
        float((heat * share).sum() / max(heat.sum(), 1e-9)), float((inside & outline).sum() / max(union, 1)),
    )  # fmt: skip


def _area(shapes: Float[np.ndarray, "m 4 2"], grid: tuple[int, ...]) -> Shaped[np.ndarray, "height width"]:
    """Which of the samples lie in a shape; `shapes` in cells."""
    samples = np.zeros((grid[0] * _SAMPLES, grid[1] * _SAMPLES), np.uint8)
    for shape in shapes * _SAMPLES:
        left, top = np.floor(shape.min(0)).astype(int).tolist()
        right, bottom = np.ceil(shape.max(0)).astype(int).tolist()
        samples[max(top, 0) : max(bottom, top + 1), max(left, 0) : max(right, left + 1)] = 1
    return samples.astype(bool)
