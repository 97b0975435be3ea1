"""Directories and chunks without measure are told before a decoder looks at them; those of pictures pass."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from weldspot.images.whole import pieces

PICTURE = Image.fromarray(np.random.default_rng(4).integers(0, 256, (40, 60, 3), np.uint8))


def saved(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    PICTURE.save(stream, kind, **options)
    return stream.getvalue()


def directory(order: str, tag: int, kind: int, count: int, big: bool = False) -> bytes:
    """A TIFF of one entry."""
    mark = b"II" if order == "<" else b"MM"
    if big:
        return mark + struct.pack(f"{order}HHHQQHHQQ", 43, 8, 0, 16, 1, tag, kind, count, 16)
    return mark + struct.pack(f"{order}HIHHHII", 42, 8, 1, tag, kind, count, 8)


def test_pictures_pass() -> None:
    more = [PICTURE.rotate(turn) for turn in range(1, 9)]
    assert pieces.tiff(saved("TIFF")) == pieces.tiff(saved("TIFF", compression="tiff_lzw", big_tiff=True)) == ""
    assert pieces.webp(saved("WEBP")) == pieces.webp(saved("WEBP", save_all=True, append_images=more)) == ""


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_a_long_list_of_numbers_is_told_and_a_long_text_is_none(order: str, big: bool) -> None:
    assert pieces.tiff(directory(order, 273, 4, 1_000_001, big)) == "1000001 values in its tag 273"
    assert pieces.tiff(directory(order, 273, 4, 1_000_000, big)) == ""
    assert pieces.tiff(directory(order, 34675, 7, 50_000_000, big)) == ""


def test_a_directory_without_end_is_told() -> None:
    data = b"II" + struct.pack("<HHHQQ", 43, 8, 0, 16, 1 << 40)
    assert pieces.tiff(data) == f"a directory of {1 << 40} entries"


def test_more_chunks_than_any_animation_has_are_told() -> None:
    data = saved("WEBP")
    assert pieces.webp(data + b"TEST\0\0\0\0" * 9000) == ""
    assert pieces.webp(data[:12] + b"TEST\1\0\0\0a\0" * 10_001 + data[12:]) == "more than 10000 chunks"


@given(st.binary(max_size=80))
def test_whatever_the_bytes_are_there_is_an_answer(tail: bytes) -> None:
    for head in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        assert isinstance(pieces.tiff(head + tail), str)
    assert isinstance(pieces.webp(b"RIFF" + tail), str)
