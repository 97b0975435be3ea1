"""Photographs without a weld: bare plates, walls, wood, cloth, landscapes, lights and clutter."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weldspot.sources.synthetic.plate import MATERIALS, plate
from weldspot.sources.synthetic.surface import Frame, Lamp, Surface, cloud, grain, shade, wave
from weldspot.sources.synthetic.tools import bench

Painter = Callable[[np.random.Generator, Frame], np.ndarray]


def background(rng: np.random.Generator, frame: Frame, kind: int) -> Float[np.ndarray, "side side 3"]:
    """Linear light from a scene without a weld, RGB; kinds take turns."""
    return _KINDS[kind % len(_KINDS)](rng, frame)


def _colour(rng: np.random.Generator, low: float = 0.03, high: float = 0.6) -> np.ndarray:
    tones = np.exp(rng.uniform(np.log(low), np.log(high), 3))
    muted: np.ndarray = tones + rng.uniform(0.2, 0.8) * (tones.mean() - tones)  # few things are vivid
    return muted.astype(np.float32)


def _turned(rng: np.random.Generator, frame: Frame, spread: float = 10) -> tuple[np.ndarray, np.ndarray]:
    angle = np.deg2rad(rng.choice([0, 90]) + rng.normal(0, spread))
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    shift_x, shift_y = rng.uniform(-300, 300, 2).astype(np.float32)
    return frame.x * c + frame.y * s + shift_x, frame.y * c - frame.x * s + shift_y


def _sheet(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """A bare plate, whole, cut off by the bench, or perforated."""
    surface = plate(rng, frame, str(rng.choice(MATERIALS)))
    u, v = _turned(rng, frame, 20)
    kind = rng.integers(3)
    if kind == 0:
        pitch = rng.uniform(22, 60)
        holes = np.hypot(np.mod(u, pitch) - pitch / 2, np.mod(v, pitch) - pitch / 2)
        hole = np.clip(pitch * rng.uniform(0.2, 0.36) - holes, 0, 1)
        surface.height -= 3 * hole
        surface.cover(hole, _colour(rng, 0.005, 0.03), 0.0)
    elif kind == 1:
        beyond = np.clip(v - rng.uniform(-80, 80) - float(v.mean()), 0, 1)
        surface.cover(beyond, _colour(rng, 0.01, 0.4), 0.1)
        surface.height -= 6 * beyond
    return shade(surface, frame, Lamp.draw(rng))


def _brick(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    u, v = _turned(rng, frame, 4)
    high, long = rng.uniform(18, 42), rng.uniform(45, 110)
    row = np.floor(v / high)
    shifted = u + np.mod(row, 2) * long / 2 + 0.8 * cloud(rng, frame, 14, 2)
    column = np.floor(shifted / long)
    edge = np.minimum(np.minimum(np.mod(v, high), high - np.mod(v, high)), np.mod(shifted, long))
    stone = np.clip((np.minimum(edge, long - np.mod(shifted, long)) - rng.uniform(1, 2.5)) / 1.5, 0, 1)
    tones = 1 + rng.uniform(0.1, 0.35) * rng.standard_normal(4096).astype(np.float32)
    pick = tones[(row * 131 + column * 37).astype(np.int32) & 4095]
    warm = np.asarray((0.3, 0.1, 0.06)) if rng.random() < 0.6 else np.full(3, 0.3)
    surface = Surface.flat(frame, warm * rng.uniform(0.6, 1.6), 0.0)
    surface.colour *= (np.clip(pick, 0.3, 2) * (1 + 0.15 * cloud(rng, frame, 10, 3)))[..., None]
    surface.cover(1 - stone, np.full(3, rng.uniform(0.12, 0.5)), 0.0)
    surface.height += 2.5 * stone + 0.35 * cloud(rng, frame, 8, 3)
    return shade(surface, frame, Lamp.draw(rng))


def _wood(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    u, v = _turned(rng, frame, 15)
    board = rng.uniform(35, 120)
    row = np.floor(v / board)
    start = rng.uniform(0, 3000, 64)[row.astype(np.int32) & 63].astype(np.float32)
    rings = cloud(rng, frame, 260, 1) * rng.uniform(1, 4) + v * rng.uniform(0.3, 0.9) + start * 0.1
    vein = np.sin(rings * np.float32(rng.uniform(0.7, 1.6))) + 0.4 * np.sin(rings * 4.1 + u * 0.02)
    colour = np.asarray((0.36, 0.2, 0.09)) * rng.uniform(0.4, 1.8) * rng.uniform(0.85, 1.15, 3)
    surface = Surface.flat(frame, colour, 0.08)
    tone = rng.uniform(0.7, 1.3, 64).astype(np.float32)[row.astype(np.int32) & 63]
    surface.colour *= (tone * (1 + 0.16 * vein + 0.05 * grain(rng, frame)))[..., None]
    gap = np.exp(-((np.minimum(np.mod(v, board), board - np.mod(v, board)) / 1.2) ** 2))
    surface.height += 0.12 * vein - 3 * gap
    surface.open *= 1 - 0.7 * gap
    return shade(surface, frame, Lamp.draw(rng))


def _cloth(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    u, v = _turned(rng, frame, 25)
    folds = cloud(rng, frame, rng.uniform(70, 200), 2)
    u, v = u + 6 * folds, v + 5 * cloud(rng, frame, 120, 2)
    pitch = rng.uniform(2.5, 7)
    weave = np.sin(u * 2 * np.pi / pitch) * np.sin(v * 2 * np.pi / pitch)
    surface = Surface.flat(frame, _colour(rng), 0.02)
    if rng.random() < 0.6:  # checked or striped
        band = rng.uniform(18, 60)
        stripe = (np.mod(u, band) < band * rng.uniform(0.2, 0.6)).astype(np.float32)
        check = (np.mod(v, band) < band * 0.4).astype(np.float32) if rng.random() < 0.5 else 0
        surface.cover(np.clip(0.6 * stripe + 0.4 * check, 0, 1).astype(np.float32), _colour(rng), 0.02)
    surface.colour *= (1 + 0.15 * weave)[..., None]
    surface.height += rng.uniform(6, 22) * folds + 0.4 * weave
    return shade(surface, frame, Lamp.draw(rng))


def _landscape(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """Sky, sun, clouds, hills one behind the other, and a field, a lake or the sea."""
    down = (frame.y / 200)[..., None]
    top, low = _SKIES[rng.integers(len(_SKIES))]
    mix = np.clip(down * 0.7 + 0.55, 0, 1)
    light = np.asarray(top, np.float32) * (1 - mix) + np.asarray(low, np.float32) * mix
    x, y = rng.uniform(-120, 120), rng.uniform(-110, 30)
    far = np.hypot(frame.x - x, frame.y - y)
    if rng.random() < 0.6:
        light += (np.clip(rng.uniform(8, 26) - far, 0, 1) * 1.5 + 0.25 * np.exp(-far / 45))[..., None] * (1, 0.85, 0.55)
    clouds = np.clip(cloud(rng, frame, rng.uniform(50, 180), 4) - rng.uniform(0, 1.4), 0, 1)[..., None]
    light = light + clouds * rng.uniform(0.2, 0.8) * (np.asarray((0.9, 0.88, 0.9)) - light)
    horizon = rng.uniform(-30, 90)
    ground = rng.uniform(0.02, 0.2) * np.asarray((1.0, 1.05, 0.75)) * rng.uniform(0.75, 1.3, 3)
    for layer in range(int(rng.integers(1, 4))):
        rise = rng.uniform(4, 45) * wave(rng, frame.side, frame.side / rng.uniform(3, 14))
        ridge = np.clip(frame.y - (horizon + 32 * layer + rise[None]), 0, 1)[..., None]
        depth = ground * (1.0 / (1 + layer)) * (1 + 0.25 * cloud(rng, frame, 12 + 8 * layer, 4)[..., None])
        light = light + ridge * (depth - light)
    return np.maximum(light, 0.003).astype(np.float32)


_SKIES = (
    ((0.08, 0.25, 0.75), (0.6, 0.75, 0.9)),
    ((0.05, 0.08, 0.25), (0.9, 0.35, 0.08)),
    ((0.5, 0.55, 0.6), (0.75, 0.75, 0.72)),
    ((0.9, 0.35, 0.05), (0.95, 0.6, 0.2)),
    ((0.01, 0.02, 0.06), (0.1, 0.16, 0.35)),
    ((0.55, 0.25, 0.4), (0.95, 0.7, 0.5)),
)


def _lights(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """Street lights out of focus."""
    light = np.empty((frame.side, frame.side, 3), np.float32)
    light[:] = _colour(rng, 0.005, 0.06)
    light *= np.exp(0.7 * cloud(rng, frame, 150, 2))[..., None]
    size = rng.uniform(6, 26)
    for _ in range(int(rng.integers(8, 40))):
        x, y = rng.uniform(-190, 190, 2)
        disc = np.clip((size * rng.uniform(0.7, 1.2) - np.hypot(frame.x - x, frame.y - y)) / 2.5, 0, 1)
        light += disc[..., None] * _colour(rng, 0.02, 0.9) * rng.uniform(0.3, 1.2)
    return light


def _pebbles(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """Overlapping rounded things: gravel, leaves or fruit."""
    surface = Surface.flat(frame, _colour(rng, 0.02, 0.15), 0.0)
    base, mean = _colour(rng, 0.06, 0.5), rng.uniform(9, 30)
    long = rng.uniform(1.0, 2.4)
    for i in range(min(260, int(60000 / mean**2))):
        x, y = rng.uniform(-205, 205, 2)
        r, turn = mean * rng.uniform(0.6, 1.4), rng.uniform(0, np.pi)
        middle = frame.pixels(np.array([x, y]))
        reach = r * long * frame.scale + 2
        a, b = (np.clip([m - reach, m + reach], 0, frame.side).astype(int) for m in middle[::-1])
        at = slice(*a), slice(*b)
        dx, dy = frame.x[at] - x, frame.y[at] - y
        far = ((dx * np.cos(turn) + dy * np.sin(turn)) / long) ** 2 + (dy * np.cos(turn) - dx * np.sin(turn)) ** 2
        dome = np.clip(1 - far / r**2, 0, 1).astype(np.float32)
        inside = np.clip(dome * r * 0.5, 0, 1)
        surface.height[at] += inside * (i * 0.02 + 0.45 * r * np.sqrt(dome) - surface.height[at])
        colour = (base * rng.uniform(0.5, 1.5) * rng.uniform(0.8, 1.2, 3)).astype(np.float32)
        surface.colour[at] += inside[..., None] * (colour - surface.colour[at])
    surface.colour *= (1 + 0.1 * cloud(rng, frame, 9, 3))[..., None]
    return shade(surface, frame, Lamp.draw(rng))


def _facade(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """Windows in rows: a building, shelves, a tiled floor."""
    u, v = _turned(rng, frame, 8)
    depth = 1 / (1 + np.float32(rng.uniform(-0.002, 0.002)) * u)
    u, v = u * depth, v * depth
    wide, high = rng.uniform(22, 75, 2)
    column, row = np.floor(u / wide).astype(np.int32), np.floor(v / high).astype(np.int32)
    px, py = np.mod(u, wide) / wide, np.mod(v, high) / high
    border = rng.uniform(0.05, 0.3, 2)
    pane = np.clip((np.minimum(px, 1 - px) - border[0]) * wide, 0, 1) * np.clip(
        (np.minimum(py, 1 - py) - border[1]) * high, 0, 1
    )
    colours = _colour(rng) * np.exp(rng.uniform(0.1, 0.8) * rng.standard_normal((1024, 1))).astype(np.float32)
    surface = Surface.flat(frame, _colour(rng), 0.1)
    surface.cover(pane.astype(np.float32), np.clip(colours, 0, 1)[(column * 57 + row * 131) & 1023], 0.3)
    surface.colour *= (1 + 0.08 * cloud(rng, frame, 60, 4))[..., None]
    surface.height -= rng.uniform(-1.5, 3) * pane.astype(np.float32)
    return shade(surface, frame, Lamp.draw(rng))


def _workshop(rng: np.random.Generator, frame: Frame) -> np.ndarray:
    """Tools lying on wood, a plate or concrete."""
    if rng.random() < 0.6:
        surface = plate(rng, frame, str(rng.choice(MATERIALS)))
    else:
        surface = Surface.flat(frame, np.full(3, rng.uniform(0.08, 0.4)) * rng.uniform(0.85, 1.15, 3), 0.02)
        surface.colour *= (1 + 0.15 * cloud(rng, frame, 60, 5))[..., None]
    bench(rng, frame, surface)
    return shade(surface, frame, Lamp.draw(rng))


_KINDS: tuple[Painter, ...] = (
    _sheet, _workshop, _brick, _landscape, _sheet, _wood, _lights, _cloth, _workshop, _facade, _pebbles, _landscape,
)  # fmt: skip
