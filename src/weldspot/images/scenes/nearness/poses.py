"""Every picture turned into a pose that its copies take too, and 256 bits of it that near pictures mostly share."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8
from threadpoolctl import threadpool_limits

from weldspot.images.scenes.fingerprint import DIMENSIONS, TURNS, turned, turned_by
from weldspot.images.scenes.nearness.print_file import PrintFile

BITS = 256
BYTES = BITS // 8
# Rounded to this, sums over a fingerprint are whole numbers under 2²¹: exact in float32 in any order, so that neither
# the processor nor the number of threads decides about a bit.
_STEPS = 2**16


@dataclass(frozen=True)
class Posed:
    """Of each picture which of the eight turns, in the order of `turned`, brings it into its pose; its bits then."""

    turns: UInt8[np.ndarray, " n"]
    codes: UInt8[np.ndarray, "n 32"]


def posed(prints: PrintFile, seed: int) -> Posed:
    """The pose of every picture of the file, and its bits, for the directions that `seed` draws.

    A picture's pose is the turn after which it is most like a random one; copies that were turned differently agree
    about it, but for their noise. A bit is the side of a random plane through the origin on which the posed picture
    lies: two at an angle of f half-turns differ in each with probability f, whatever they show (Charikar 2002).
    """
    rng = np.random.default_rng(seed)
    judges = _turned_back(_signs(rng, 1))
    planes = _signs(rng, BITS)
    turns, codes = np.zeros(len(prints), np.uint8), np.zeros((len(prints), BYTES), np.uint8)
    with threadpool_limits(1, "blas"):  # one process a core is enough
        for start, rows in prints.blocks():
            whole = np.rint(rows * _STEPS)
            turns[start : start + len(rows)] = best = (whole @ judges).argmax(1).astype(np.uint8)
            for turn in range(TURNS):
                of = np.flatnonzero(best == turn)
                codes[start + of] = np.packbits(turned_by(whole[of], turn) @ planes > 0, axis=1)
    return Posed(turns, codes)


def in_pose(prints: Float[np.ndarray, "k 1024"], turns: UInt8[np.ndarray, " k"]) -> Float[np.ndarray, "k 1024"]:
    """Each picture after its turn."""
    found = np.empty_like(prints)
    for turn in range(TURNS):
        of = turns == turn
        found[of] = turned_by(prints[of], turn)
    return found


def _signs(rng: np.random.Generator, count: int) -> Float[np.ndarray, "1024 count"]:
    """Directions of ±1."""
    return (2 * rng.integers(0, 2, (DIMENSIONS, count)) - 1).astype(np.float32)


def _turned_back(direction: Float[np.ndarray, "1024 1"]) -> Float[np.ndarray, "1024 8"]:
    """Columns so that x @ column k is (x after turn k) @ direction."""
    places = np.stack([row[0] for row in turned(np.arange(DIMENSIONS, dtype=np.float32)[None])])
    columns = np.empty((DIMENSIONS, TURNS), np.float32)
    for turn, place in enumerate(places.astype(int)):
        columns[place, turn] = direction[:, 0]
    return columns
