"""PNG (https://www.w3.org/TR/png-3/): is all of a picture there? Pillow looks at no checksum and fills up rows."""

import struct
import zlib
from collections.abc import Iterator

_TRUNCATED = "truncated: the file ends in the middle of the picture"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
# Adam7: first column and row of each pass, and the steps
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_BLOCK = 1 << 20
_MOST_CHUNKS = 100_000  # a picture in pieces of 4 kB that has 400 MB


def excess(data: bytes) -> str:
    """Whether it is in so many pieces that a decoder, which looks at each, would need minutes; "" where it is not."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return ""
        at += 12 + int.from_bytes(data[at : at + 4])
    return f"more than {_MOST_CHUNKS} pieces"


def damage(data: bytes) -> str:
    """What is wrong with the picture of a PNG file, "" when it is whole; what follows its pixels does not matter."""
    chunks = _chunks(data)
    kind, head, whole = next(chunks, (b"", b"", False))
    if kind != b"IHDR" or len(head) != 13 or not whole:
        return "can't be decoded (its first chunk is no whole header)"
    inflater, left = zlib.decompressobj(), _bytes(head)
    for kind, content, whole in chunks:
        if kind != b"IDAT":
            continue
        if not whole:
            return f"damaged: the checksum of a piece of its pixels is wrong, or {_TRUNCATED}"
        try:
            packed = content
            while packed and left > 0:
                left -= len(inflater.decompress(packed, _BLOCK))
                packed = inflater.unconsumed_tail
        except zlib.error as error:
            return f"damaged: its pixels can't be unpacked ({error})"
    return _TRUNCATED if left > 0 else ""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Kind and content of each chunk, and whether it is all there with the right checksum."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        whole = (
            end + 4 <= len(data)
            and zlib.crc32(memoryview(data)[at + 4 : end]) == struct.unpack_from(">I", data, end)[0]
        )
        yield kind, data[at + 8 : end], whole
        if kind == b"IEND":
            return
        at = end + 4


def _bytes(head: bytes) -> int:
    """Of the pixels, unpacked: a byte for the filter and then the samples in each row of each pass."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    bits = depth * _CHANNELS.get(colour, 1)
    total = 0
    for left, top, right, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
