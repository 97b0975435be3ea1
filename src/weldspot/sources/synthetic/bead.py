"""The weld bead: its course, width and height along the seam, ripples, surface and heat tint."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32

from weldspot.sources.synthetic.plate import Seam
from weldspot.sources.synthetic.surface import Frame, Surface, cloud, wave

_STEPS = 1024
_REACH = 260.0  # units; the seam's positions -260..260 are sampled in _STEPS


@dataclass(frozen=True)
class Bead:
    """One bead; `course`, `half` and `high` run along the seam (units): centre line, half width, height."""

    quality: str  # good, fair, bad or excess
    start: float
    stop: float
    nominal: float  # half width asked for
    course: Float32[np.ndarray, " 1024"]
    half: Float32[np.ndarray, " 1024"]
    high: Float32[np.ndarray, " 1024"]
    ripple: Float32[np.ndarray, " 1024"]  # phase in ripples
    strength: float  # height of a ripple
    bow: float  # how far ripples trail at the toes, in ripples
    shape: float  # exponent of the cross-section: 1 a parabola, 0.5 a half circle
    lumps: float

    def at(
        self, along: Float[np.ndarray, "*place"], values: Float32[np.ndarray, " 1024"]
    ) -> Float32[np.ndarray, "*place"]:
        """Values of one of the bead's lines at positions along the seam."""
        index = ((along + _REACH) * (_STEPS / (2 * _REACH))).astype(np.int32)
        return values[np.clip(index, 0, _STEPS - 1)]

    def outline(self, seam: Seam) -> Float[np.ndarray, "n 2"]:
        """Points around the bead, in units from the centre."""
        along = np.linspace(self.start, self.stop, 40)
        centre, half = self.at(along, self.course), self.at(along, self.half)
        return np.concatenate([seam.place(along, centre - half), seam.place(along, centre + half)])


@dataclass(frozen=True)
class _Habit:
    """How a welder of one quality works; each a range to draw from, in shares of the half width."""

    high: tuple[float, float]
    unsteady: tuple[float, float]
    wander: tuple[float, float]
    ripple: tuple[float, float]
    jitter: tuple[float, float]
    lumps: tuple[float, float]
    humps: tuple[float, float]
    shape: float


_HABITS = {
    "good": _Habit((0.35, 0.5), (0.01, 0.04), (0, 0.04), (0.08, 0.13), (0.02, 0.1), (0, 0.015), (0, 0), 1.0),
    "fair": _Habit((0.35, 0.55), (0.06, 0.12), (0.04, 0.1), (0.03, 0.06), (0.2, 0.5), (0.02, 0.05), (0, 0), 0.9),
    "bad": _Habit((0.3, 0.6), (0.25, 0.42), (0.2, 0.4), (0.0, 0.06), (0.5, 1.5), (0.12, 0.22), (0, 0.1), 0.75),
    "excess": _Habit((1.15, 1.6), (0.04, 0.1), (0.03, 0.1), (0.01, 0.05), (0.1, 0.4), (0.01, 0.05), (0.1, 0.28), 0.5),
}


def draw(rng: np.random.Generator, seam: Seam, quality: str, offset: float, half: float) -> Bead:
    """A bead of the quality, at an offset across the seam, of a half width in units."""
    habit = _HABITS[quality]
    reach = min(_REACH - half, 0.96 * seam.radius) if seam.radius else 230.0
    start = -reach if rng.random() < 0.45 or seam.radius else rng.uniform(-135, -75)
    stop = reach if rng.random() < 0.45 or seam.radius else rng.uniform(75, 135)
    along = np.linspace(-_REACH, _REACH, _STEPS, dtype=np.float32)
    knot = _STEPS / (2 * _REACH)
    width = 1 + rng.uniform(*habit.unsteady) * wave(rng, _STEPS, half * 1.2 * knot)
    high = rng.uniform(*habit.high) * (1 + 0.8 * rng.uniform(*habit.unsteady) * wave(rng, _STEPS, half * knot))
    if (share := rng.uniform(*habit.humps)) > 0:
        hump = np.sin(2 * np.pi * along / (half * rng.uniform(2.2, 3.8)) + 1.2 * wave(rng, _STEPS, 60 * knot))
        width, high = width * (1 + 0.6 * share * hump), high * (1 + share * hump)
    if quality == "bad":
        missing = np.clip((wave(rng, _STEPS, half * 2.5 * knot) - rng.uniform(0.7, 1.4)) * 2, 0, 0.85)
        width, high = width * (1 - 0.8 * missing), high * (1 - missing)
    ends = np.maximum(np.maximum(start + half - along, along - (stop - half)), 0) / half
    cap = np.sqrt(np.clip(1 - ends**2, 0, 1))
    bend = rng.normal(0, 10) if rng.random() < 0.3 and seam.joint == "bead on plate" else 0.0
    bend = seam.radius * rng.uniform(-0.35, 0.35) if seam.radius else bend
    course = offset + bend * (along / 150) ** 2 + half * rng.uniform(*habit.wander) * wave(rng, _STEPS, half * 2 * knot)
    pitch = half * rng.uniform(0.3, 0.62)
    return Bead(
        quality=quality,
        start=start,
        stop=stop,
        nominal=half,
        course=course.astype(np.float32),
        half=(half * np.clip(width, 0.12, 2) * cap).astype(np.float32),
        high=(half * np.clip(high, 0.03, 2) * (0.3 + 0.7 * cap)).astype(np.float32),
        ripple=(along / pitch + rng.uniform(*habit.jitter) * wave(rng, _STEPS, pitch * 2 * knot)).astype(np.float32),
        strength=float(half * rng.uniform(*habit.ripple)),
        bow=float(rng.choice([-1, 1]) * rng.uniform(0.8, 1.8)),
        shape=habit.shape,
        lumps=float(half * rng.uniform(*habit.lumps)),
    )


def lay(rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam, bead: Bead, material: str) -> None:
    """Deposits the bead: heat tint first, then metal."""
    sides = seam.across - bead.at(seam.along, bead.course)
    half = bead.at(seam.along, bead.half)
    _tint(rng, frame, surface, bead, np.abs(sides) - half, seam.along, material)
    if bead.quality == "bad":
        groove = np.exp(-(((np.abs(sides) - half - 1.5) / 2.2) ** 2)) * (half > 1)  # undercut
        surface.height -= rng.uniform(0.8, 2.2) * groove
        surface.colour *= (1 - 0.35 * groove)[..., None]
    across = sides / np.maximum(half, 0.2)
    round_off = np.clip(1 - across * across, 0, 1)
    profile = np.power(round_off, np.float32(bead.shape)) * bead.at(seam.along, bead.high)
    phase = bead.at(seam.along, bead.ripple) + np.float32(bead.bow) * across * across
    ripples = np.abs(np.sin(np.float32(np.pi) * phase))
    rough = cloud(rng, frame, max(4.0, bead.nominal * 0.7), 3)
    inside = np.clip(round_off * half * 0.35, 0, 1)
    metal = profile + np.sqrt(round_off) * (bead.strength * ripples + bead.lumps * rough)
    # metal flows together: neither gap, step nor corner shows through the bead
    surface.open += inside * (1 - surface.open)
    filled = cv2.GaussianBlur(surface.height, (0, 0), 0.45 * bead.nominal * frame.scale)
    surface.height += inside * (filled - surface.height) + np.where(round_off > 0, np.maximum(metal, -1.5), 0)
    _skin(rng, frame, surface, bead, inside, ripples, rough, material)


def _skin(
    rng: np.random.Generator, frame: Frame, surface: Surface, bead: Bead,
    inside: np.ndarray, ripples: np.ndarray, rough: np.ndarray, material: str,
) -> None:  # fmt: skip
    base = {"aluminium": 0.62, "stainless": 0.4}.get(material, 0.3) * rng.uniform(0.75, 1.2)
    base *= 0.6 if bead.quality == "bad" else 1.0
    skin = np.empty((frame.side, frame.side, 3), np.float32)
    skin[:] = base * np.asarray((1.0, 0.98, 0.97), np.float32)
    skin *= (0.72 + 0.35 * ripples + 0.05 * rough)[..., None]
    if material == "stainless" and rng.random() < 0.7:  # oxide colours run along the ripples
        tone = np.clip(0.5 + 0.35 * cloud(rng, frame, 40, 2) + 0.3 * (ripples - 0.6), 0, 1)[..., None]
        warm, cold = np.asarray((1.25, 0.92, 0.5), np.float32), np.asarray((0.55, 0.6, 1.2), np.float32)
        skin *= 1 + rng.uniform(0.4, 1.0) * (warm * tone + cold * (1 - tone) - 1)
    elif material != "aluminium":
        oxide = np.clip(cloud(rng, frame, 22, 3) - rng.uniform(0.1, 1.2), 0, 1)[..., None] * rng.uniform(0.3, 0.9)
        skin += oxide * (np.asarray((0.14, 0.09, 0.05), np.float32) - skin)
    dirt = 0.75 if bead.quality == "bad" else 0.9
    surface.colour += inside[..., None] * (np.clip(skin, 0.01, 1) - surface.colour)
    surface.gloss += inside * (rng.uniform(0.7, 1.0) * dirt - surface.gloss)


_TINTS = {
    # from the toe of the bead outwards
    "stainless": ((0.30, 0.30, 0.34), (0.16, 0.22, 0.50), (0.34, 0.16, 0.36), (0.68, 0.47, 0.24), (0.88, 0.76, 0.56)),
    "mild": ((0.35, 0.34, 0.35), (0.30, 0.33, 0.42), (0.42, 0.33, 0.26), (0.62, 0.54, 0.46), (0.9, 0.88, 0.86)),
    "aluminium": ((0.30, 0.30, 0.30), (1.0, 1.0, 1.0), (1.05, 1.05, 1.05), (0.8, 0.8, 0.8), (0.95, 0.95, 0.95)),
    "painted": ((0.5, 0.5, 0.5), (0.5, 0.48, 0.45), (0.12, 0.1, 0.09), (0.3, 0.26, 0.24), (0.8, 0.76, 0.72)),
}
_TINTS |= {"rusty": _TINTS["mild"], "ground": _TINTS["stainless"]}


def _tint(
    rng: np.random.Generator, frame: Frame, surface: Surface, bead: Bead,
    outside: np.ndarray, along: np.ndarray, material: str,
) -> None:  # fmt: skip
    reach = bead.nominal * rng.uniform(0.7, 2.2)
    beyond = np.maximum(np.maximum(bead.start - along, along - bead.stop), 0)
    far = np.maximum(outside, 0) + beyond
    far = far / reach * (1 + 0.1 * cloud(rng, frame, 50, 3)) + 0.03 * cloud(rng, frame, 12, 2)
    bands = np.asarray((*_TINTS[material], (1.0, 1.0, 1.0)), np.float32)
    knots = np.linspace(0, 1, len(bands))
    table = np.stack([np.interp(np.linspace(0, 1, 256), knots, bands[:, c]) for c in range(3)], 1).astype(np.float32)
    table += (1 - table) * np.float32(1 - rng.uniform(0.45, 1.0))
    index = np.clip(far * 255, 0, 255).astype(np.uint8)
    if material == "painted":  # paint burns off: bare steel shows next to the bead
        bare = np.clip((0.45 - far) * 8, 0, 1)
        surface.cover(bare, (0.26, 0.25, 0.24), 0.4)
    surface.colour *= table[index]
