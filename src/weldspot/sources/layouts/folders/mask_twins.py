"""`weld1.jpg` beside `weld1.png`: a photograph and its mask, or the same photograph twice."""

from collections import defaultdict
from pathlib import PurePosixPath

import cv2
import numpy as np

from weldspot.sources.archive import Archive, BadMember

_JPEG = (".jpg", ".jpeg")
_LOOKED_AT = 64  # pairs of an export, spread over it
_MOST_BYTES = 16 * 1024 * 1024
_MOST_PIXELS, _MOST_TOGETHER = 1 << 26, 1 << 28  # of one, and of all that are looked at
_PLAIN = 0.75  # of a mask's pixels have one of two values; edges that were smoothed have others


def twins(images: tuple[str, ...]) -> list[list[str]]:
    """The images that differ in their ending alone."""
    same: dict[PurePosixPath, list[str]] = defaultdict(list)
    for name in images:
        same[PurePosixPath(name).with_suffix("")].append(name)
    return [names for names in same.values() if len(names) > 1]


def masks(archive: Archive, pairs: list[list[str]]) -> list[str]:
    """The masks of pairs, if in all of them a PNG that looks like one lies beside a JPEG; else none.

    What is true of some dozens, spread over the export, is taken for true of all.
    """
    drawn = [next((name for name in pair if name.lower().endswith(".png")), "") for pair in pairs]
    photographs = [[name for name in pair if name.lower().endswith(_JPEG)] for pair in pairs]
    clear = all(mask and len(pair) == 2 and photo for mask, pair, photo in zip(drawn, pairs, photographs, strict=True))
    step = max(1, len(drawn) // _LOOKED_AT)
    left = _MOST_TOGETHER if clear else 0
    for name in drawn[::step]:
        if left > 0:
            pixels = _plain(archive, name)
            left -= pixels or left
            clear = clear and pixels > 0
    return drawn if clear else []


def _plain(archive: Archive, name: str) -> int:
    """How many pixels a picture has that looks like a mask, else 0."""
    try:
        data = archive.read(name, _MOST_BYTES)
    except BadMember:
        return 0
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))  # of a PNG's head
    if not data.startswith(b"\x89PNG") or not 0 < width * height <= _MOST_PIXELS:
        return 0
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return 0
    if picture is None:
        return 0
    counts = np.sort(cv2.calcHist([picture], [0], None, [256], [0, 256]).ravel())
    return picture.size if counts[-2:].sum() >= _PLAIN * picture.size else 0
