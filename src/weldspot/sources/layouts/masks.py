"""Masks as run lengths, and the box around each: COCO's, plain and packed in text, and the brush of Label Studio."""

from collections.abc import Sequence

import numpy as np

from weldspot.sources.layouts.shapes import Corners

_MOST_PIXELS = 1 << 30


def coco(counts: object, size: object) -> Corners | None:
    """The box around a mask of COCO's, whose runs go down its columns; None around an empty one.

    Args:
        counts: Lengths of runs of 0 and 1 in turn, or the text that they are packed in.
        size: Height and width.

    Raises:
        ValueError: the runs are not as many pixels as the mask has.
    """
    if not isinstance(size, Sequence) or len(size) != 2 or not all(type(side) is int and side > 0 for side in size):
        raise ValueError(f"annotation has a mask whose size is {str(size)[:40]!r}, not its height and width")
    height, width = size
    if isinstance(counts, str):
        counts = _unpacked(counts)
    if not isinstance(counts, list) or not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError("annotation has a mask whose runs are no lengths")
    if sum(counts) != height * width or height * width > _MOST_PIXELS:
        raise ValueError(f"annotation has a mask of {sum(counts)} pixels, for {width} x {height}")
    ends = np.cumsum(np.asarray(counts, np.int64))
    starts = ends - counts
    return _around(starts[1::2], ends[1::2], height, down=True)


def _unpacked(text: str) -> list[int]:
    """Five bits a letter, low ones first, the sixth says that more follow; from the third on, differences to the last
    but one.
    """
    counts: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        if not 0 <= bits < 64 or shift > 60:
            raise ValueError("annotation has a mask that can't be unpacked")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            value -= (1 << shift) if bits & 16 else 0
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    if shift:
        raise ValueError("annotation has a mask that is cut short")
    return counts


def brush(data: object, width: int, height: int) -> Corners | None:
    """The box around what Label Studio's brush has painted; None where that is nothing.

    Its bits are: 32 for the number of values, 5 for the bits of a value, four times 4 for the bits of a run's length;
    then runs: one bit (a value repeated, or a sequence), two that choose the bits of its length. A pixel is four
    values, of which the last is how opaque it is.

    Raises:
        ValueError: it can't be read, or is of another size.
    """
    if not isinstance(data, list) or not all(type(value) is int and 0 <= value < 256 for value in data):
        raise ValueError("annotation has a brush stroke that is no list of bytes")
    bits = _Bits(bytes(data))
    total = bits.read(32)
    word = bits.read(5) + 1
    lengths = [bits.read(4) + 1 for _ in range(4)]
    if total != 4 * width * height or total > _MOST_PIXELS:
        raise ValueError(f"annotation has a brush stroke of {total // 4} pixels, on a picture of {width} x {height}")
    starts, ends, at = [], [], 0
    while at < total:
        repeated = bits.read(1)
        length = bits.read(lengths[bits.read(2)]) + 1
        for step in (length,) if repeated else (1,) * length:
            if bits.read(word):
                starts.append(at // 4)  # the pixels whose fourth value is among these
                ends.append((at + step) // 4)
            at += step
    found_starts, found_ends = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    some = found_ends > found_starts
    return _around(found_starts[some], np.minimum(found_ends[some], width * height), width, down=False)


class _Bits:
    """Bits of a text of bytes, the high ones first; raises ValueError at its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, count: int) -> int:
        first, last = self._at // 8, (self._at + count + 7) // 8
        if last > len(self._data):
            raise ValueError("annotation has a brush stroke that is cut short")
        self._at += count
        return int.from_bytes(self._data[first:last], "big") >> (8 * last - self._at) & ((1 << count) - 1)


def _around(starts: np.ndarray, ends: np.ndarray, line: int, *, down: bool) -> Corners | None:
    """The box around runs of pixels from `starts` to before `ends`, `line` to a column or a row."""
    some = ends > starts
    starts, ends = starts[some], ends[some]
    if not len(starts):
        return None
    first, last = starts // line, (ends - 1) // line
    wraps = bool((last > first).any())
    low, high = int(first.min()), int(last.max()) + 1
    left, right = (0, line) if wraps else (int((starts % line).min()), int(((ends - 1) % line).max()) + 1)
    return tuple(map(float, (low, left, high, right) if down else (left, low, right, high)))  # type: ignore[return-value]
