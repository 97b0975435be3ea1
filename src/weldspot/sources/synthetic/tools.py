"""Clutter: spanners, bolts, rods and cables that lie on a surface, as raised shapes in its maps."""

import cv2
import numpy as np
from jaxtyping import Float

from weldspot.sources.synthetic.surface import Frame, Surface


def bench(rng: np.random.Generator, frame: Frame, surface: Surface) -> None:
    """Strews two to seven things over the surface."""
    for _ in range(int(rng.integers(2, 8))):
        shape = _SHAPES[rng.integers(len(_SHAPES))]
        place(rng, frame, surface, shape, rng.uniform(-120, 120, 2), rng.uniform(0.7, 1.5))


def place(
    rng: np.random.Generator, frame: Frame, surface: Surface, shape: str, at: Float[np.ndarray, " 2"], size: float
) -> None:
    """Lays one thing with its middle at `at` (units) in any direction."""
    mask = np.zeros((frame.side, frame.side), np.uint8)
    turn = rng.uniform(0, 2 * np.pi)
    across = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def spot(x: float, y: float) -> tuple[int, int]:
        column, row = frame.pixels(np.array([x, y]) * size @ across + at)
        return round(column), round(row)

    def px(length: float) -> int:
        return max(1, round(length * size * frame.scale))

    if shape == "spanner":
        cv2.line(mask, spot(-60, 0), spot(60, 0), 255, px(14), cv2.LINE_AA)
        for end in (-70, 70):
            cv2.circle(mask, spot(end, 0), px(19), 255, -1, cv2.LINE_AA)
            cv2.circle(mask, spot(end * 1.08, 0), px(9), 0, -1, cv2.LINE_AA)
    elif shape == "bolt":
        hexagon = [spot(16 * np.cos(k * np.pi / 3), 16 * np.sin(k * np.pi / 3)) for k in range(6)]
        cv2.fillPoly(mask, [np.array(hexagon, np.int32)], 255, cv2.LINE_AA)
        cv2.line(mask, spot(0, 0), spot(60, 0), 255, px(13), cv2.LINE_AA)
    elif shape == "rod":
        cv2.line(mask, spot(-140, 0), spot(140, 0), 255, px(rng.uniform(3, 16)), cv2.LINE_AA)
    elif shape == "washer":
        cv2.circle(mask, spot(0, 0), px(20), 255, -1, cv2.LINE_AA)
        cv2.circle(mask, spot(0, 0), px(9), 0, -1, cv2.LINE_AA)
    elif shape == "hammer":
        cv2.line(mask, spot(-10, 0), spot(120, 0), 255, px(13), cv2.LINE_AA)
        cv2.fillPoly(mask, [np.array([spot(-25, -40), spot(5, -40), spot(5, 40), spot(-25, 40)])], 255, cv2.LINE_AA)
    else:  # cable
        steps = np.linspace(-1, 1, 40)
        bend = np.cumsum(np.cumsum(rng.normal(0, 2.2, 40)))
        points = np.array([spot(s * 170, b - bend.mean()) for s, b in zip(steps, bend, strict=True)], np.int32)
        cv2.polylines(mask, [points], False, 255, px(9), cv2.LINE_AA)
    _raise(rng, frame, surface, mask, shape)


_SHAPES = ("spanner", "bolt", "rod", "washer", "hammer", "cable")
_COLOURS = ((0.35, 0.35, 0.36), (0.12, 0.12, 0.13), (0.5, 0.05, 0.04), (0.03, 0.03, 0.03), (0.45, 0.3, 0.06))


def _raise(rng: np.random.Generator, frame: Frame, surface: Surface, mask: np.ndarray, shape: str) -> None:
    inside = mask.astype(np.float32) / 255
    colour = (0.02, 0.02, 0.025) if shape == "cable" else _COLOURS[rng.integers(len(_COLOURS))]
    deep = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 3) / frame.scale
    thick = rng.uniform(4, 9)
    domed = np.sqrt(np.clip(1 - (1 - np.minimum(deep / thick, 1)) ** 2, 0, 1)) * thick
    surface.height += cv2.GaussianBlur(domed, (0, 0), 0.6 * frame.scale) + 2 * inside
    surface.cover(inside, np.asarray(colour) * rng.uniform(0.7, 1.4), 0.75 if shape != "cable" else 0.3)
