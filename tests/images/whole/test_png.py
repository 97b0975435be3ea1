"""A PNG of which something is missing is told; a whole one, of any kind, is not."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from weldspot.images.whole import png

WIDTH, HEIGHT = 61, 43


def saved(mode: str, **options: object) -> bytes:
    stream, draw = io.BytesIO(), np.random.default_rng(3)
    grey = Image.fromarray(draw.integers(0, 256, (HEIGHT, WIDTH), np.uint8))
    picture = (
        Image.fromarray(draw.integers(0, 65536, (HEIGHT, WIDTH), np.uint16)) if mode == "I;16" else grey.convert(mode)
    )
    picture.save(stream, "PNG", **options)
    return stream.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_whole_one_of_any_kind_is_whole(mode: str) -> None:
    assert png.damage(saved(mode)) == ""
    assert png.damage(saved(mode, compress_level=0)) == ""


def test_what_is_in_very_many_pieces_is_told_before_it_is_decoded() -> None:
    whole = saved("RGB")
    assert png.excess(whole) == png.excess(whole[:40]) == png.excess(whole[:8] + chunk(b"teSt", b"") * 999) == ""
    assert "more than 100000 pieces" in png.excess(whole[:33] + chunk(b"teSt", b"") * 100_001 + whole[33:])


def interlaced(width: int, height: int) -> bytes:
    """A white square in Adam7; OpenCV reads it, so it is one."""
    rows = b""
    for left, top, right, down in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        columns, lines = len(range(left, width, right)), len(range(top, height, down))
        rows += lines * (b"\0" + b"\xff" * columns) if columns else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE).min() == 255
    return data


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 9), (9, 3), (16, 16), (61, 43)])
def test_passes_are_counted(width: int, height: int) -> None:
    data = interlaced(width, height)
    assert png.damage(data) == ""
    larger = data[:16] + struct.pack(">II", width + 8, height + 8) + data[24:]
    larger = larger[:29] + struct.pack(">I", zlib.crc32(larger[12:29])) + larger[33:]
    assert png.damage(larger).startswith("truncated")


@pytest.mark.parametrize("level", [0, 6])
@pytest.mark.parametrize("end", [0, 12], ids=["to the end", "but for the end"])
def test_one_that_is_half_zeros_is_not_whole(level: int, end: int) -> None:
    data = saved("RGB", compress_level=level)
    half = len(data) // 2
    assert png.damage(data[:half] + bytes(len(data) - half - end) + data[len(data) - end :])


def test_one_whose_head_says_more_rows_than_there_are_is_cut_off() -> None:
    data = bytearray(saved("RGB"))
    data[20:24] = struct.pack(">I", HEIGHT + 1)
    assert "no whole header" in png.damage(bytes(data))  # its checksum
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    assert png.damage(bytes(data)) == "truncated: the file ends in the middle of the picture"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_png_is_not_whole(data: bytes) -> None:
    assert png.damage(data)
