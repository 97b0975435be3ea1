"""How many rounds it takes until hardly a near pair is left unseen."""

from functools import cache
from math import acos, ceil, log, pi, sqrt

import numpy as np

from weldspot.images.scenes.fingerprint import TURNS
from weldspot.images.scenes.nearness.poses import BITS, BYTES

MISSED = 3e-5  # of the pairs that are just near enough; of nearer ones far fewer
_STEPS = (1, 3)
# A key is two bytes of the code. Every byte is in as many of them.
KEYS = tuple((byte, (byte + step) % BYTES) for step in _STEPS for byte in range(BYTES))
_DRAWN = 20_000


def rounds(threshold: float) -> int:
    """In so many rounds, each with directions of its own, a pair at this distance is missed once in 1 / MISSED."""
    return ceil(log(MISSED) / log(1 - _found_in_one(threshold)))


def differing(threshold: float) -> int:
    """A pair at this distance in a common pose, with one key in common, differs in so many bits at most: four standard
    deviations more than it does on average.
    """
    other, apart = BITS - 16, acos(1 - threshold) / pi
    return round(other * apart + 4 * sqrt(other * apart * (1 - apart)))


@cache
def _found_in_one(threshold: float) -> float:
    """How likely one round finds a pair at this distance: by drawing such pairs, always the same."""
    rng, likeness = np.random.default_rng(0), 1 - threshold
    one, noise = rng.normal(size=(2, _DRAWN, TURNS))
    other = likeness * one + sqrt(1 - likeness**2) * noise
    same_pose = np.mean(np.argmax(one, axis=1) == np.argmax(other, axis=1))
    differ = rng.random((_DRAWN, BYTES, 8), np.float32) < acos(likeness) / pi
    same = np.logical_not(differ.any(axis=2))
    first, second = np.array(KEYS).T
    return float(same_pose * np.mean(np.any(same[:, first] & same[:, second], axis=1)))
