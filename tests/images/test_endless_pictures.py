"""Small pictures whose files keep a careless decoder busy for minutes are refused before it looks at them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from weldspot.images import codec

PICTURE = Image.fromarray(np.random.default_rng(5).integers(0, 256, (60, 90, 3), np.uint8))
EXIF = bytes((16 << 20) + 1)


def saved(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    PICTURE.save(stream, kind, **options)
    return stream.getvalue()


def test_scans_without_end() -> None:
    data = saved("JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    with pytest.raises(codec.BadImage, match="scans of 5400 pixels: more than a photograph has"):
        codec.canonical(data[:last] + data[last:-2] * 1000 + data[-2:], 10**6, 8)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize(
    ("kind", "at", "flood", "reason"),
    [
        ("JPEG", 2, b"\xff\xe5\0\2" * 2000, "more than 1000 segments before its picture"),
        ("PNG", 33, chunk(b"teSt", b"") * 100_001, "more than 100000 pieces"),
        ("PNG", 33, chunk(b"eXIf", EXIF), "more than 16777216 bytes of EXIF"),
        ("GIF", 33, bytes(17_000_000), "a GIF of 170"),
        ("WEBP", 12, b"TEST\0\0\0\0" * 10_001, "more than 10000 chunks"),
    ],
)
def test_what_is_read_piece_by_piece_has_a_bound(kind: str, at: int, flood: bytes, reason: str) -> None:
    data = saved(kind)
    with pytest.raises(codec.BadImage, match=f"{reason}.*: not as a camera writes it; save it anew"):
        codec.canonical(data[:at] + flood + data[at:], 10**6, 8)


def test_a_tiff_that_lists_a_million_strips_of_sixty_rows() -> None:
    data = bytearray(saved("TIFF"))
    at = data.index(struct.pack("<HH", 273, 4))
    data[at + 4 : at + 8] = struct.pack("<I", 40_000_000)
    with pytest.raises(codec.BadImage, match="40000000 values in its tag 273: not as a camera writes it"):
        codec.canonical(bytes(data), 10**6, 8)
