"""Bare metal before the weld: materials, joints, rust, paint, scratches, holes and marks."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32

from weldspot.sources.synthetic.surface import Frame, Surface, cloud, grain, streaks

MATERIALS = ("mild", "stainless", "aluminium", "rusty", "painted", "ground")
JOINTS = ("bead on plate", "butt", "lap", "fillet", "pipe")
_PAINTS = (
    (0.05, 0.13, 0.32), (0.36, 0.07, 0.05), (0.07, 0.22, 0.12), (0.5, 0.34, 0.04), (0.3, 0.32, 0.34), (0.5, 0.5, 0.5),
)  # fmt: skip


@dataclass(frozen=True)
class Seam:
    """Where plates meet: a line at `angle` radians; `along` and `across` are maps of the positions in units."""

    angle: float
    aside: float  # units by which it misses the centre
    joint: str
    radius: float  # of the pipe, else 0
    along: Float32[np.ndarray, "side side"]
    across: Float32[np.ndarray, "side side"]

    @classmethod
    def draw(cls, rng: np.random.Generator, frame: Frame) -> "Seam":
        """Most run about along or across the photograph."""
        angle = float(rng.choice([0, 90]) + rng.normal(0, 9)) if rng.random() < 0.65 else float(rng.uniform(0, 180))
        angle = np.deg2rad(angle)
        joint = str(rng.choice(JOINTS, p=[0.34, 0.2, 0.16, 0.18, 0.12]))
        c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        aside = rng.normal(0, 20)
        along, across = frame.x * c + frame.y * s, frame.y * c - frame.x * s - np.float32(aside)
        return cls(angle, aside, joint, rng.uniform(115, 190) if joint == "pipe" else 0.0, along, across)

    def place(self, along: Float[np.ndarray, " n"], across: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 2"]:
        """Points (x, y) in units from positions along and across the seam."""
        across = across + self.aside
        c, s = np.cos(self.angle), np.sin(self.angle)
        return np.stack([along * c - across * s, along * s + across * c], axis=1)


def plate(rng: np.random.Generator, frame: Frame, material: str) -> Surface:
    """A sheet of one of MATERIALS, with the marks a workshop leaves on it."""
    degrees = rng.uniform(0, 180)
    surface = _METALS[material](rng, frame, degrees)
    surface.colour *= (1 + rng.uniform(0.03, 0.1) * cloud(rng, frame, rng.uniform(60, 160), 3))[..., None]
    specks = np.clip(cloud(rng, frame, 5, 2) - rng.uniform(1.8, 3.2), 0, 1)
    surface.colour *= (1 - 0.7 * specks)[..., None]
    if rng.random() < 0.6:
        _scratches(rng, frame, surface)
    if rng.random() < 0.2:
        _holes(rng, frame, surface)
    if rng.random() < 0.2:
        _marks(rng, frame, surface)
    np.clip(surface.colour, 0.008, 1, out=surface.colour)
    return surface


def _mild(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    base = rng.uniform(0.09, 0.24)
    surface = Surface.flat(frame, (base, base * rng.uniform(0.95, 1.03), base * rng.uniform(0.92, 1.12)), 0.35)
    scale, rolled = cloud(rng, frame, 26, 4), streaks(rng, frame, degrees, rng.uniform(20, 90))
    surface.colour *= (1 + 0.1 * scale + 0.1 * rolled + 0.07 * grain(rng, frame))[..., None]
    surface.height += 0.1 * scale + 0.03 * rolled
    flakes = np.clip(cloud(rng, frame, rng.uniform(20, 60), 4) - rng.uniform(0.6, 1.6), 0, 1)
    surface.cover(flakes * 0.6, (base * 1.6, base * 1.5, base * 1.4), 0.5)
    return surface


def _brushed(rng: np.random.Generator, frame: Frame, degrees: float, base: float, tone: float) -> Surface:
    surface = Surface.flat(frame, (base * (1 + tone), base, base * (1 - tone)), rng.uniform(0.6, 0.9))
    marks = streaks(rng, frame, degrees, rng.uniform(40, 140))
    surface.colour *= (1 + rng.uniform(0.08, 0.2) * marks)[..., None]
    surface.height += rng.uniform(0.02, 0.06) * marks
    return surface


def _stainless(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    return _brushed(rng, frame, degrees, rng.uniform(0.26, 0.45), rng.uniform(-0.02, 0.05))


def _aluminium(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    surface = _brushed(rng, frame, degrees, rng.uniform(0.5, 0.68), rng.uniform(-0.04, 0.01))
    surface.gloss *= 0.7
    return surface


def _ground(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    """Arcs of an angle grinder: two layers of brush marks bent around a far centre."""
    surface = Surface.flat(frame, np.full(3, rng.uniform(0.22, 0.4)) * (1.02, 1.0, 0.98), 0.75)
    for _ in range(2):
        cx, cy = rng.uniform(-400, 400, 2)
        ring = np.hypot(frame.x - cx, frame.y - cy) * 1.3 + 1.5 * cloud(rng, frame, 90, 2)
        table = rng.standard_normal(2048, dtype=np.float32)
        marks = table[(ring * 1.6).astype(np.int32) & 2047] * np.clip(cloud(rng, frame, 70, 2) + 0.5, 0, 1.5)
        surface.colour *= (1 + 0.09 * marks)[..., None]
        surface.height += 0.035 * marks
    return surface


def _rusty(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    surface = _mild(rng, frame, degrees)
    patches = cloud(rng, frame, rng.uniform(40, 140), 5)
    rust = np.clip((patches + rng.uniform(-0.3, 0.9)) * 1.4, 0, 1)
    tone = cloud(rng, frame, 14, 3)
    colour = np.asarray((0.24, 0.095, 0.035), np.float32) * rng.uniform(0.7, 1.3)
    shades = colour * (1 + 0.3 * tone[..., None] * np.asarray((1, 0.8, 0.5), np.float32))
    surface.cover(rust * rng.uniform(0.6, 0.95), shades, 0.04)
    surface.height += rust * 0.22 * (tone + grain(rng, frame) * 0.5)
    return surface


def _painted(rng: np.random.Generator, frame: Frame, degrees: float) -> Surface:
    colour = np.asarray(_PAINTS[rng.integers(len(_PAINTS))]) * rng.uniform(0.6, 1.4)
    surface = Surface.flat(frame, colour, rng.uniform(0.15, 0.4))
    orange_peel = cloud(rng, frame, 8, 2)
    surface.height += 0.05 * orange_peel
    surface.colour *= (1 + 0.06 * cloud(rng, frame, 50, 4) + 0.03 * orange_peel)[..., None]
    worn = np.clip((cloud(rng, frame, rng.uniform(25, 80), 5) - rng.uniform(0.9, 2.0)) * 3, 0, 1)
    surface.cover(worn, rng.choice([0.1, 0.3]) * np.asarray((1.1, 0.95, 0.85)), 0.4)
    surface.height -= 0.5 * worn
    return surface


_METALS = {
    "mild": _mild,
    "stainless": _stainless,
    "aluminium": _aluminium,
    "ground": _ground,
    "rusty": _rusty,
    "painted": _painted,
}


def _scratches(rng: np.random.Generator, frame: Frame, surface: Surface) -> None:
    mask = np.zeros((frame.side, frame.side), np.uint8)
    for _ in range(int(rng.integers(2, 14))):
        start = rng.uniform(0, frame.side, 2)
        stop = start + rng.normal(0, 60 * frame.scale, 2)
        bend = (start + stop) / 2 + rng.normal(0, 4 * frame.scale, 2)
        line = np.round(np.stack([start, bend, stop]) * 16).astype(np.int32)
        cv2.polylines(mask, [line], False, int(rng.integers(60, 200)), 1, cv2.LINE_AA, 4)
    surface.colour *= (1 + mask * np.float32(rng.uniform(-0.3, 0.9) / 255))[..., None]


def _holes(rng: np.random.Generator, frame: Frame, surface: Surface) -> None:
    """Drilled holes and bolts near the border: round and dark like pores, but larger and not in a weld."""
    side = rng.choice([-1, 1], 2)
    for _ in range(int(rng.integers(1, 3))):
        x, y = side * rng.uniform(95, 160, 2)
        radius = rng.uniform(8, 17)
        far = np.hypot(frame.x - x, frame.y - y)
        if rng.random() < 0.5:
            hole = np.clip(radius - far, 0, 1)
            surface.open *= 1 - 0.93 * hole
            surface.height -= 3 * hole
        else:
            head = np.clip(radius * 1.2 - far, 0, 1)
            surface.height += head * 4 - np.clip(radius * 0.6 - far, 0, 1) * 2.5
            surface.cover(head, (0.3, 0.3, 0.31), 0.8)


def _marks(rng: np.random.Generator, frame: Frame, surface: Surface) -> None:
    """Chalk or marker writing, as on test plates."""
    mask = np.zeros((frame.side, frame.side), np.uint8)
    text = str(rng.choice(["OK", "3", "A2", "slow", "17", "B", "2.5", "fast", "PA", "110A", "x"]))
    x, y = rng.uniform(0.16, 0.7, 2) * frame.side
    size = rng.uniform(0.5, 1.1) * frame.scale
    thick = max(1, round(1.6 * frame.scale))
    cv2.putText(mask, text, (int(x), int(y)), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, size, 255, thick, cv2.LINE_AA)
    chalk = mask.astype(np.float32) / 255 * np.clip(0.7 + 0.3 * grain(rng, frame), 0, 1)
    surface.cover(chalk, (0.75, 0.75, 0.7) if rng.random() < 0.6 else (0.02, 0.02, 0.03), 0.05)


def join(rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam) -> None:
    """Shapes the sheet into the seam's joint: a gap, a step, a corner or a pipe."""
    across = seam.across
    if seam.joint == "butt":
        gap = np.exp(-((across / np.float32(rng.uniform(0.9, 1.8))) ** 2))
        surface.height += rng.uniform(0, 0.6) * np.clip(across + 0.5, 0, 1) - 2 * gap
        surface.open *= 1 - 0.7 * gap
    elif seam.joint == "lap":
        surface.height += rng.uniform(5, 9) * np.clip(across / 1.5 + 0.5, 0, 1)
    elif seam.joint == "fillet":
        steep, gentle = rng.uniform(0.45, 1.0), rng.uniform(0.0, 0.3)
        surface.height += steep * np.maximum(across, 0) + gentle * np.maximum(-across, 0)
        # the upright plate faces another part of the room
        other = np.clip(across + 0.5, 0, 1) * rng.choice([rng.uniform(-0.65, -0.35), rng.uniform(0.4, 0.9)])
        surface.colour *= (1 + other * (0.6 + 0.4 * np.exp(-np.abs(across) / 60)))[..., None]
    elif seam.joint == "pipe":
        inside = np.clip(1 - (seam.along / seam.radius) ** 2, 0, 1)
        surface.height += seam.radius * 0.8 * np.sqrt(inside)
        beyond = np.clip((np.abs(seam.along) - seam.radius) / 1.5, 0, 1)
        surface.cover(beyond, np.full(3, rng.uniform(0.01, 0.35)) * rng.uniform(0.9, 1.1, 3), 0.0)
    if seam.joint in ("butt", "lap"):
        other = np.clip(across + 0.5, 0, 1) * np.float32(rng.uniform(-0.35, 0.3))
        surface.colour *= (1 + other)[..., None]
