"""Cracks, pores and spatter, put into the surface's maps; each returns the points (x, y) that bound it, in units."""

from itertools import pairwise

import cv2
import numpy as np
from jaxtyping import Float

from weldspot.sources.synthetic.bead import Bead
from weldspot.sources.synthetic.plate import Seam
from weldspot.sources.synthetic.surface import Frame, Surface

VISIBLE = 105.0  # units along the seam that every camera sees


def _span(bead: Bead) -> tuple[float, float]:
    low, high = max(bead.start + bead.nominal, -VISIBLE), min(bead.stop - bead.nominal, VISIBLE)
    return low, high


def crack(rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam, bead: Bead) -> Float[np.ndarray, "n 2"]:
    """A branching crack along, across or beside the bead; its points."""
    low, high = _span(bead)
    kind = rng.choice(["along", "across", "toe"], p=[0.45, 0.35, 0.2])
    wide = rng.uniform(1.8, 4.2)
    if kind == "across":
        lines = []
        for middle in np.sort(rng.uniform(low, high, int(rng.integers(2, 6)))):
            reach = bead.nominal * rng.uniform(1.1, 2.4)
            steps = np.linspace(-reach, reach, 14)
            along = middle + _drift(rng, len(steps), 2.4)
            lines.append(np.stack([along, bead.at(along, bead.course) + steps], 1))
    else:
        length = min(rng.uniform(100, 210), high - low)
        first = low + rng.random() * (high - low - length)
        along, drift = np.linspace(first, first + length, 26), _drift(rng, 26, 1.6)
        side = 0.95 * rng.choice([-1, 1]) if kind == "toe" else rng.uniform(-0.25, 0.25)
        lines = [np.stack([along, bead.at(along, bead.course) + side * bead.at(along, bead.half) + drift], 1)]
        for _ in range(int(rng.integers(1, 6))):
            lines.append(_branch(rng, lines[0]))
    points = [seam.place(line[:, 0], line[:, 1]) for line in lines]
    _cut(rng, frame, surface, points, wide)
    return np.concatenate(points)


def _drift(rng: np.random.Generator, count: int, rough: float) -> np.ndarray:
    """float64[count] by which a jagged line strays (units), ending near where it began."""
    drift = np.cumsum(rng.normal(0, rough, count))
    return drift - np.linspace(drift[0], drift[-1], count) * rng.uniform(0.5, 1)


def _branch(rng: np.random.Generator, trunk: np.ndarray) -> np.ndarray:
    root = trunk[rng.integers(3, len(trunk) - 3)]
    step = np.array([rng.uniform(-3, 3), rng.choice([-1, 1]) * 2.2])
    walk = np.cumsum(rng.normal(0, 1.5, (8, 2)) + step, axis=0)
    return np.vstack([root, root + walk])


def _cut(rng: np.random.Generator, frame: Frame, surface: Surface, lines: list[np.ndarray], wide: float) -> None:
    mask = np.zeros((frame.side, frame.side), np.uint8)
    for number, line in enumerate(lines):
        pixels = np.round(frame.pixels(line) * 16).astype(np.int32)
        for i, (a, b) in enumerate(pairwise(pixels)):
            taper = min(1.0, 0.35 + min(i, len(pixels) - 2 - i) * 0.3) * (1 if number == 0 else 0.75)
            thick = max(1, round(wide * frame.scale * taper * rng.uniform(0.75, 1.25)))
            cv2.line(mask, tuple(map(int, a)), tuple(map(int, b)), 255, thick, cv2.LINE_AA, 4)
    cut = cv2.GaussianBlur(mask, (0, 0), 0.45 * frame.scale).astype(np.float32) / 255
    surface.height -= 2.2 * cut
    surface.open *= 1 - np.minimum(cut * 1.15, 1) * np.float32(rng.uniform(0.8, 0.97))
    surface.gloss *= 1 - cut


def pores(rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam, bead: Bead) -> Float[np.ndarray, "n 2"]:
    """Gas pores in the bead, clustered or strewn; their rims."""
    low, high = _span(bead)
    count = int(rng.integers(8, 26))
    if rng.random() < 0.5:
        middle = rng.uniform(low + 20, high - 20)
        along = np.clip(rng.normal(middle, rng.uniform(14, 35), count), low, high)
    else:
        along = rng.uniform(low, high, count)
    half = bead.at(along, bead.half)
    across = bead.at(along, bead.course) + half * np.clip(rng.normal(0, 0.38, count), -0.8, 0.8)
    radius = np.clip(rng.lognormal(np.log(rng.uniform(2.4, 4.2)), 0.35, count), 1.7, 0.55 * bead.nominal)
    points = seam.place(along, across)
    for (x, y), r in zip(points, radius, strict=True):
        _pore(rng, frame, surface, x, y, float(r))
    return np.concatenate([points - radius[:, None], points + radius[:, None]])


def _window(frame: Frame, x: float, y: float, reach: float) -> tuple[slice, slice] | None:
    (column, row), far = frame.pixels(np.array([[x, y]]))[0], reach * frame.scale + 2
    if min(column, row) < far or max(column, row) > frame.side - 1 - far:
        return None
    return slice(int(row - far), int(row + far) + 1), slice(int(column - far), int(column + far) + 1)


def _pore(rng: np.random.Generator, frame: Frame, surface: Surface, x: float, y: float, r: float) -> None:
    if (at := _window(frame, x, y, r * 2.2)) is None:
        return
    turn, long = rng.uniform(0, np.pi), rng.uniform(1.0, 1.5)
    dx, dy = frame.x[at] - np.float32(x), frame.y[at] - np.float32(y)
    u, v = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    far = np.sqrt((u / long) ** 2 + (v * long**0.5) ** 2).astype(np.float32)
    hole = np.clip((r - far) / (0.3 * r) + 0.3, 0, 1)
    surface.height[at] += 0.7 * np.exp(-(((far - 1.25 * r) / (0.35 * r)) ** 2)) - min(3.5, r) * hole
    surface.open[at] *= 1 - np.float32(rng.uniform(0.75, 0.95)) * hole
    surface.gloss[at] *= 1 - 0.8 * hole


def spatter(
    rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam, bead: Bead, count: int, largest: float
) -> Float[np.ndarray, "n 2"]:
    """Balls of metal thrown on the plate beside the bead, none wider than `largest` in radius; their rims."""
    along = rng.uniform(-VISIBLE - 20, VISIBLE + 20, count)
    reach = rng.uniform(22, 60)
    far = bead.at(along, bead.half) + 1.5 + np.minimum(rng.exponential(reach, count), 120)
    across = bead.at(along, bead.course) + far * rng.choice([-1, 1], count)
    radius = np.clip(rng.lognormal(np.log(0.42 * largest), 0.45, count), 1.1, largest)
    points = seam.place(along, across)
    tone = rng.uniform(0.08, 0.4)
    for (x, y), r in zip(points, radius, strict=True):
        _ball(rng, frame, surface, x, y, float(r), tone)
    return np.concatenate([points - radius[:, None], points + radius[:, None]])


def _ball(rng: np.random.Generator, frame: Frame, surface: Surface, x: float, y: float, r: float, tone: float) -> None:
    if (at := _window(frame, x, y, r * 2)) is None:
        return
    dx, dy = frame.x[at] - np.float32(x), frame.y[at] - np.float32(y)
    far = np.sqrt(dx * dx + (dy * rng.uniform(0.85, 1.18)) ** 2).astype(np.float32)
    ball = np.clip((r - far) * 1.2 + 0.5, 0, 1)
    surface.height[at] += 0.95 * np.sqrt(np.maximum(r * r - far * far, 0))
    surface.open[at] *= 1 - 0.45 * np.exp(-(((far - 1.15 * r) / (0.3 * r + 0.3)) ** 2))
    colour = np.asarray((1.03, 1.0, 0.97), np.float32) * np.float32(tone * rng.uniform(0.6, 1.4))
    surface.colour[at] += ball[..., None] * (colour - surface.colour[at])
    surface.gloss[at] += ball * (0.9 - surface.gloss[at])
