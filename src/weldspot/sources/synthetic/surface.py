"""A patch of material as maps (height, colour, gloss), the noise they are made of, and its shading by a lamp."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32

MARGIN = 1.2  # the canvas is wider than the photograph, so that a tilted camera still sees material
WIDTH = 320.0  # every length below is in units of 1/320 of the photograph's side, whatever its pixels


# linear RGB, one for all pixels or one for each
Colour = tuple[float, float, float] | Float[np.ndarray, "*pixels 3"]


@dataclass(frozen=True)
class Frame:
    """The canvas: `side` pixels square at `scale` pixels per unit; `x` and `y` in units from the centre."""

    side: int
    scale: float
    x: Float32[np.ndarray, "side side"]
    y: Float32[np.ndarray, "side side"]

    @classmethod
    def of(cls, size: int) -> "Frame":
        """The canvas of a photograph of size×size pixels."""
        side = round(size * MARGIN)
        scale = size / WIDTH
        axis = (np.arange(side, dtype=np.float32) - (side - 1) / 2) / np.float32(scale)
        x, y = np.meshgrid(axis, axis)
        return cls(side, scale, x, y)

    def pixels(self, points: Float[np.ndarray, "*n 2"]) -> Float[np.ndarray, "*n 2"]:
        """Points (x, y) in units from the centre, as canvas pixels."""
        return np.asarray(points, np.float64) * self.scale + (self.side - 1) / 2


@dataclass
class Surface:
    """Maps: `height` in units, `colour` in linear RGB, `gloss`, and `open` (1 lit, 0 a hole)."""

    height: Float32[np.ndarray, "side side"]
    colour: Float32[np.ndarray, "side side 3"]
    gloss: Float32[np.ndarray, "side side"]
    open: Float32[np.ndarray, "side side"]

    @classmethod
    def flat(cls, frame: Frame, colour: Colour, gloss: float) -> "Surface":
        """All at one height and of one colour."""
        shape = (frame.side, frame.side)
        tinted = np.empty((*shape, 3), np.float32)
        tinted[:] = np.asarray(colour, np.float32)
        zeros = np.zeros(shape, np.float32)
        return cls(zeros, tinted, np.full(shape, gloss, np.float32), np.ones(shape, np.float32))

    def cover(self, mask: Float[np.ndarray, "side side"], colour: Colour, gloss: float) -> None:
        """Paints a colour over as much as `mask` says, from 0 to 1."""
        self.colour += mask[..., None] * (np.asarray(colour, np.float32) - self.colour)
        self.gloss += mask * (np.float32(gloss) - self.gloss)


def cloud(rng: np.random.Generator, frame: Frame, cell: float, octaves: int = 3) -> Float32[np.ndarray, "side side"]:
    """Soft noise, mean 0 and deviation about 1; `cell` is its largest feature in units."""
    total = np.zeros((frame.side, frame.side), np.float32)
    for octave in range(octaves):
        count = max(3, int(np.ceil(frame.side / (cell * frame.scale / 2**octave))) + 2)
        small = rng.standard_normal((min(count, frame.side), min(count, frame.side)), dtype=np.float32)
        total += cv2.resize(small, (frame.side, frame.side), interpolation=cv2.INTER_CUBIC) * np.float32(0.55**octave)
    return total


def grain(rng: np.random.Generator, frame: Frame) -> Float32[np.ndarray, "side side"]:
    """White noise, mean 0 and deviation 1."""
    return rng.standard_normal((frame.side, frame.side), dtype=np.float32)


def streaks(rng: np.random.Generator, frame: Frame, degrees: float, length: float) -> Float32[np.ndarray, "side side"]:
    """Brush marks, deviation about 1, along a direction; `length` in units."""
    wide = int(frame.side * 1.45)
    columns = max(4, int(wide / (length * frame.scale)))
    marks = cv2.resize(rng.standard_normal((wide, columns), dtype=np.float32), (wide, wide))
    matrix = cv2.getRotationMatrix2D((wide / 2, wide / 2), degrees, 1.0)
    matrix[:, 2] = matrix[:, 2] - (wide - frame.side) / 2
    return cv2.warpAffine(marks, matrix, (frame.side, frame.side))


def wave(rng: np.random.Generator, count: int, cell: float) -> Float32[np.ndarray, " count"]:
    """Soft noise along a line, deviation about 1, features of `cell` samples."""
    knots = max(3, int(np.ceil(count / cell)) + 2)
    values = rng.standard_normal((1, knots), dtype=np.float32)
    soft: np.ndarray = cv2.resize(values, (count, 1), interpolation=cv2.INTER_CUBIC)[0]
    return soft


@dataclass(frozen=True)
class Lamp:
    """Where light comes from (degrees), how much of it, and what metal mirrors (`room`, over the slope)."""

    azimuth: float
    elevation: float
    ambient: float
    key: float
    mirror: float
    highlight: float
    hardness: float
    colour: tuple[float, float, float]
    room: Float32[np.ndarray, " 256"]
    falloff: tuple[float, float]  # how much brighter one side of the picture is
    glare: tuple[float, float, float, float]  # a lamp's reflection on flat metal: x, y, radius (units), strength

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Lamp":
        """Any lamp of a workshop."""
        slope = np.linspace(-1, 1, 256, dtype=np.float32)
        room = 0.18 + 0.1 * wave(rng, 256, 40)
        for _ in range(int(rng.integers(1, 4))):  # windows and tubes
            room += rng.uniform(0.6, 2.0) * np.exp(-(((slope - rng.uniform(-0.8, 0.8)) / rng.uniform(0.06, 0.25)) ** 2))
        warm = rng.normal(0, 0.07)
        return cls(
            azimuth=rng.uniform(0, 360),
            elevation=rng.uniform(28, 62),
            ambient=rng.uniform(0.12, 0.35),
            key=rng.uniform(0.6, 1.1),
            mirror=rng.uniform(0.5, 1.1),
            highlight=rng.uniform(0.6, 2.4),
            hardness=rng.uniform(10, 45),
            colour=(1 + warm, 1.0, 1 - warm),
            room=np.clip(room, 0.03, None).astype(np.float32),
            falloff=(rng.normal(0, 0.28), rng.normal(0, 0.28)),
            glare=(rng.uniform(-170, 170), rng.uniform(-170, 170), rng.uniform(50, 150), rng.uniform(0, 1.6)),
        )


def shade(surface: Surface, frame: Frame, lamp: Lamp) -> Float[np.ndarray, "side side 3"]:
    """Linear light leaving the surface towards the camera, RGB."""
    height = surface.height
    scale = frame.scale / 8
    dx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=scale)
    dy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=scale)
    nz = 1 / np.sqrt(1 + dx * dx + dy * dy)
    nx, ny = -dx * nz, -dy * nz
    turn, rise = np.deg2rad(lamp.azimuth), np.deg2rad(lamp.elevation)
    lx, ly, lz = (float(v) for v in (np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)))
    facing = nx * lx + ny * ly + nz * lz
    mirrored = np.clip(2 * facing * nz - lz, 0, 1)
    glint = cv2.pow(mirrored, lamp.hardness) * surface.gloss * np.float32(lamp.highlight)
    sideways = nx * np.cos(turn + 0.6).astype(np.float32) + ny * np.sin(turn + 0.6).astype(np.float32)
    room = lamp.room[np.clip(sideways * 127 + 128, 0, 255).astype(np.uint8)]
    lit = _lit(height, frame, lx, ly, lz)
    gloss = surface.gloss
    light = lamp.ambient * (1 - 0.5 * gloss) + lamp.key * (1 - 0.5 * gloss) * np.maximum(facing, 0) * lit
    light += lamp.mirror * gloss * room * (0.5 + 0.5 * lit)
    light *= np.exp((frame.x * lamp.falloff[0] + frame.y * lamp.falloff[1]) / np.float32(160))
    x, y, radius, strength = lamp.glare
    away = (frame.x - np.float32(x)) ** 2 + (frame.y - np.float32(y)) ** 2
    light += gloss * nz * np.float32(strength * lamp.key) / (1 + away / np.float32(radius**2)) ** 2
    shut = _creases(height, frame) * surface.open
    light *= shut
    glint *= shut * lit
    out = surface.colour * light[..., None]
    out += (0.5 * glint)[..., None] + surface.colour * glint[..., None]
    tinted: np.ndarray = out * np.asarray(lamp.colour, np.float32)
    return tinted


def _creases(height: np.ndarray, frame: Frame) -> np.ndarray:
    """Ambient occlusion: what lies lower than its neighbourhood sees less of the room."""
    near = cv2.GaussianBlur(height, (0, 0), 2.5 * frame.scale)
    small = cv2.resize(height, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    far = cv2.resize(cv2.GaussianBlur(small, (0, 0), 3 * frame.scale), height.shape[::-1])
    seen: np.ndarray = 1 / (1 + 0.35 * np.maximum(near - height, 0) + 0.16 * np.maximum(far - height, 0))
    return seen


def _lit(height: np.ndarray, frame: Frame, lx: float, ly: float, lz: float) -> np.ndarray:
    """1 where the lamp reaches, down to 0.25 in the shadow that higher ground throws."""
    flat = float(np.hypot(lx, ly))
    over = np.zeros_like(height)
    for step in (3.0, 6.0, 11.0, 18.0):
        matrix = np.array([[1, 0, -step * frame.scale * lx / flat], [0, 1, -step * frame.scale * ly / flat]])
        higher = cv2.warpAffine(height, matrix, height.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        np.maximum(over, higher - height - step * lz / flat, out=over)
    lit: np.ndarray = 1 - 0.75 * np.minimum(cv2.GaussianBlur(over, (0, 0), 1.2 * frame.scale) * 0.7, 1)
    return lit
