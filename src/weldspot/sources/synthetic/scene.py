"""Decides what each photograph of the sample shows, and composes it."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import UInt8

from weldspot.sources.synthetic import defects
from weldspot.sources.synthetic.backgrounds import background
from weldspot.sources.synthetic.bead import Bead, draw, lay
from weldspot.sources.synthetic.camera import Box, Camera, near_copy
from weldspot.sources.synthetic.plate import MATERIALS, Seam, join, plate
from weldspot.sources.synthetic.surface import Frame, Lamp, Surface, cloud, shade
from weldspot.sources.synthetic.tools import place

BLOCK, COPIES = 20, 3  # of every 20 photographs, three are copies of one of the others

# What a scene shows: qualities of its beads, then defects. Each half holds every class and is shuffled by itself.
_HALVES = (
    (
        "Background", "Background", "Background", "Good", "Good", "Good Crack", "Good Splatters", "Bad", "Bad Crack",
        "Bad Porosity", "Bad Splatters", "Excess", "Excess", "Excess Splatters", "Porosity", "Porosity Splatters",
        "Crack",
    ),
    (
        "Background", "Background", "Background", "Good", "Good", "Good Crack", "Good Excess", "Good Bad", "Bad",
        "Bad Crack", "Excess", "Excess Crack", "Excess Splatters", "Porosity", "Porosity Splatters", "Good Porosity",
        "Splatters",
    ),
)  # fmt: skip
_LABELS = {"Good": "Good Welding", "Bad": "Bad Welding", "Excess": "Excess Reinforcement"}
BACKGROUND = "Background"
DRAWN = (BACKGROUND, "Bad Welding", "Crack", "Excess Reinforcement", "Good Welding", "Porosity", "Splatters")


@dataclass(frozen=True)
class Rendered:
    """A photograph in RGB, labels in the order of DRAWN, boxes in pixels, the file's name without ending."""

    image: UInt8[np.ndarray, "size size 3"]
    labels: list[str]
    boxes: list[Box]
    name: str = field(default="")


@dataclass(frozen=True)
class Shot:
    """Which scene a photograph shows; a copy also has an index of its own, and its name may be its original's."""

    scene: int
    copy: bool
    named: int  # the index that gives the file's stem


def shot(seed: int, index: int) -> Shot:
    """What photograph `index` of the sample shows."""
    block, position = divmod(index, BLOCK)
    rng = np.random.default_rng([seed, block, 1])
    copies = np.sort(rng.choice(np.arange(8, BLOCK), COPIES, replace=False))
    originals = [i for i in range(BLOCK) if i not in copies]
    first = block * len(originals)
    if position not in copies:
        return Shot(first + originals.index(position), False, index)
    order = int(np.searchsorted(copies, position))
    earlier = [i for i in originals if i < position]
    picks = rng.permutation(8)[:COPIES]  # the first eight of a block are always originals
    of = earlier[int(picks[order])]
    same_stem = (block * COPIES + order) % 2 == 0
    return Shot(first + originals.index(of), True, block * BLOCK + of if same_stem else index)


def render(seed: int, index: int, size: int, camera: Camera | None = None) -> Rendered:
    """Photograph `index` of the sample `seed`, size×size pixels; a pure function of its arguments.

    `camera` replaces the camera drawn for the scene.
    """
    which = shot(seed, index)
    image, boxes = _scene(seed, which.scene, size, camera)
    if which.copy:
        image, boxes = near_copy(np.random.default_rng([seed, index, 2]), image, boxes)
    code = hashlib.md5(f"{seed}/{index}/{size}".encode(), usedforsecurity=False).hexdigest()
    name = f"{_stem(seed, which.named)}_jpg.rf.{code}"
    shown = {label for label, *_ in boxes}
    return Rendered(image, [label for label in DRAWN if label in shown], boxes, name)


def subjects(seed: int, index: int) -> list[str]:
    """What photograph `index` is meant to show, of DRAWN; of some a part falls out of the picture."""
    wanted, _ = _wanted(seed, shot(seed, index).scene)
    return [_LABELS.get(name, name) for name in wanted]


def _wanted(seed: int, scene: int) -> tuple[list[str], int]:
    """What a scene shows, and which of its turn's backgrounds it would be."""
    turn, position = divmod(scene, len(_HALVES[0]))
    order = np.random.default_rng([seed, turn, 4]).permutation(len(_HALVES[0]))
    wanted = _HALVES[turn % 2][order[position]].split()
    number = int(np.argsort(order)[:3].tolist().index(position)) if wanted == [BACKGROUND] else 0
    return wanted, turn * 3 + number


def _stem(seed: int, index: int) -> str:
    """A name as cameras and chats give them; the index makes it unique."""
    kind = np.random.default_rng([seed, index, 3]).integers(5)
    return (
        f"IMG_{4000 + index}", f"DSC{20000 + index:05d}", f"weld-{index:04d}",
        f"2023{1 + index % 12:02d}{1 + index % 28:02d}_{100000 + index}", f"photo_{index}",
    )[kind]  # fmt: skip


def _scene(seed: int, scene: int, size: int, camera: Camera | None) -> tuple[np.ndarray, list[Box]]:
    rng = np.random.default_rng([seed, scene, 0])
    wanted, number = _wanted(seed, scene)
    frame = Frame.of(size)
    taken = Camera.draw(rng) if camera is None else camera
    if wanted == [BACKGROUND]:
        light = background(rng, frame, number)
        return taken.shoot(rng, light, frame, size), [(BACKGROUND, 0, 0, size - 1, size - 1)]
    light, shapes = _weld(rng, frame, wanted)
    boxes = [taken.frame_box(label, points, frame, size) for label, points in shapes]
    return taken.shoot(rng, light, frame, size), [box for box in boxes if box is not None]


def _weld(rng: np.random.Generator, frame: Frame, wanted: list[str]) -> tuple[np.ndarray, list[tuple[str, np.ndarray]]]:
    """Linear light of a weld with what is wanted, and each label's points in units."""
    material = str(rng.choice(MATERIALS, p=[0.27, 0.2, 0.13, 0.14, 0.12, 0.14]))
    surface = plate(rng, frame, material)
    seam = Seam.draw(rng, frame)
    join(rng, frame, surface, seam)
    beads = _beads(rng, seam, [w.lower() for w in wanted if w in _LABELS])
    for bead in beads:
        lay(rng, frame, surface, seam, bead, material)
    shapes = [(_LABELS[b.quality.capitalize()], b.outline(seam)) for b in beads if b.quality != "fair"]
    for label in [w for w in wanted if w not in _LABELS]:
        shapes += _damage(rng, frame, surface, seam, beads, label)
    if "Splatters" not in wanted and rng.random() < 0.15:  # a few specks are no defect
        defects.spatter(rng, frame, surface, seam, beads[0], int(rng.integers(1, 5)), 1.8)
    if len(beads) == 1 and seam.joint != "pipe" and rng.random() < 0.3:
        _edge(rng, frame, surface, seam)
    if rng.random() < 0.18:
        corner = rng.choice([-1, 1], 2) * rng.uniform(120, 165, 2)
        place(rng, frame, surface, str(rng.choice(["cable", "rod", "bolt", "washer"])), corner, rng.uniform(0.6, 1.2))
    return shade(surface, frame, Lamp.draw(rng)), shapes


def _edge(rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam) -> None:
    """Ends the plate beside the weld; beyond it, out of focus, the bench."""
    side = rng.choice([-1, 1])
    beyond = np.clip(side * seam.across - np.float32(rng.uniform(70, 120)), 0, 1)
    blurred = np.exp(0.5 * cloud(rng, frame, 110, 2))[..., None]
    surface.cover(beyond, blurred * (rng.uniform(0.01, 0.3) * rng.uniform(0.85, 1.15, 3)).astype(np.float32), 0.0)
    surface.height += beyond * (-10 - surface.height)


def _beads(rng: np.random.Generator, seam: Seam, qualities: list[str]) -> list[Bead]:
    """One bead along the joint; several side by side on a bare plate or when two qualities are wanted."""
    qualities = qualities or ["fair"]
    count = len(qualities)
    if seam.joint == "bead on plate" and rng.random() < 0.4:
        count = max(count, int(rng.integers(2, 5)))
    if count == 1:
        offset = rng.normal(0, 22) if seam.joint in ("bead on plate", "pipe") else 0.0
        return [draw(rng, seam, qualities[0], offset, rng.uniform(11, 27))]
    pitch = rng.uniform(52, 84) if count > 2 else rng.uniform(64, 115)
    half = min(pitch * rng.uniform(0.2, 0.3), 23)
    first = rng.normal(0, 8) - pitch * (count - 1) / 2
    order = rng.permutation([qualities[i % len(qualities)] for i in range(count)])
    return [draw(rng, seam, str(quality), first + pitch * i, half) for i, quality in enumerate(order)]


def _damage(
    rng: np.random.Generator, frame: Frame, surface: Surface, seam: Seam, beads: list[Bead], label: str
) -> list[tuple[str, np.ndarray]]:
    """Puts the defect in; a bead of no stated quality belongs to its defect, so the box takes in the bead."""
    near = sorted(beads, key=lambda bead: abs(float(bead.course[len(bead.course) // 2])))
    hit = near[: max(1, int(rng.integers(1, len(near) + 1)))] if label != "Crack" else near[:1]
    shapes = []
    for bead in hit:
        if label == "Crack":
            points = defects.crack(rng, frame, surface, seam, bead)
        elif label == "Porosity":
            points = defects.pores(rng, frame, surface, seam, bead)
        else:
            count = int(rng.integers(22, 80) / len(hit))
            points = defects.spatter(rng, frame, surface, seam, bead, count, rng.uniform(4.0, 8.0))
        shapes.append((label, points))
    spare = [bead for bead in beads if bead.quality == "fair"]
    return [(label, np.concatenate([s for _, s in shapes] + [b.outline(seam) for b in spare]))] if spare else shapes
