"""What tells a scene from others, and which photographs are near-duplicates however they are turned or lit."""

from collections.abc import Iterator

import cv2
import numpy as np
from jaxtyping import Float, Int, UInt8

SIDE = 32
DIMENSIONS = SIDE * SIDE
TURNS = 8
_FINE = 2 * SIDE
_LOW_PASS = 2.0  # thumbnail pixels
_FLAT = 2.0  # grey levels
_BLOCK = 512


def fingerprint(rgb: UInt8[np.ndarray, "height width 3"]) -> Float[np.ndarray, " 1024"]:
    """A small grey picture without its broad shading, as a float32 vector of length 1.

    Brightness, contrast, noise and compression hardly move it. An image without texture gets a shorter vector, which
    is near to nothing, so that plain walls and dark frames do not all count as one scene.
    """
    small = cv2.resize(rgb, (_FINE, _FINE), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    thumbnail = cv2.resize(cv2.GaussianBlur(grey, (5, 5), 0), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    # neighbouring photographs share light and vignette: what tells scenes apart is the finer part
    detail = thumbnail - cv2.GaussianBlur(thumbnail, (0, 0), _LOW_PASS, borderType=cv2.BORDER_REFLECT)
    detail -= detail.mean()
    vector: Float[np.ndarray, " 1024"] = (detail / (SIDE * max(float(detail.std()), _FLAT))).ravel()
    return vector


def turned_by(fingerprints: Float[np.ndarray, "n 1024"], turn: int) -> Float[np.ndarray, "n 1024"]:
    """The fingerprints of the same images after one of the eight flips and quarter turns; turn 0 changes nothing."""
    pictures = fingerprints.reshape(-1, SIDE, SIDE)
    mirrored = pictures if turn < TURNS // 2 else pictures[:, :, ::-1]
    return np.rot90(mirrored, turn % 4, axes=(1, 2)).reshape(-1, DIMENSIONS)


def turned(fingerprints: Float[np.ndarray, "n 1024"]) -> Iterator[Float[np.ndarray, "n 1024"]]:
    """The same after each of them; the first is as given."""
    for turn in range(TURNS):
        yield turned_by(fingerprints, turn)


def distances(
    fingerprints: Float[np.ndarray, "n 1024"], others: Float[np.ndarray, "m 1024"]
) -> Float[np.ndarray, "n m"]:
    """From each to each: 1 − the correlation under the best of the eight flips and quarter turns."""
    apart: Float[np.ndarray, "n m"] = 1 - np.max([each @ others.T for each in turned(fingerprints)], axis=0)
    return apart


def near_blocks(
    fingerprints: Float[np.ndarray, "n 1024"], threshold: float
) -> Iterator[tuple[Int[np.ndarray, " k"], Int[np.ndarray, " k"], Float[np.ndarray, " k"]]]:
    """(i, j, distance) with i < j and a distance under the threshold, a block of them at a time; memory stays flat.

    The distance is 1 − the correlation under the best of the eight flips and quarter turns: 0 is the same picture, 1 is
    unrelated.
    """
    table = np.ascontiguousarray(fingerprints, np.float32)
    for start in range(0, len(table), _BLOCK):
        block = [np.ascontiguousarray(t) for t in turned(table[start : start + _BLOCK])]
        for other in range(start, len(table), _BLOCK):
            columns = table[other : other + _BLOCK].T
            best = block[0] @ columns
            for rows in block[1:]:
                np.maximum(best, rows @ columns, out=best)
            i, j = np.nonzero(best > 1 - threshold)
            upper = start + i < other + j
            yield start + i[upper], other + j[upper], 1 - best[i[upper], j[upper]]


def near_pairs(fingerprints: Float[np.ndarray, "n 1024"], threshold: float) -> Iterator[tuple[int, int, float]]:
    """The same, one by one."""
    for block in near_blocks(fingerprints, threshold):
        yield from zip(*(column.tolist() for column in block), strict=True)
