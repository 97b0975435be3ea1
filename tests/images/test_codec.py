"""The canonical form: what is kept as it is, what is encoded anew and why, and what can't be used."""

import io
from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from weldspot.images import codec

PIXELS, SIDE = 10**6, 16


def picture(height: int = 60, width: int = 90) -> np.ndarray:
    small = np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def test_a_plain_jpeg_keeps_its_compressed_picture_and_is_canonical_already() -> None:
    once = codec.canonical(saved(Image.fromarray(picture()), "JPEG", comment=b"who"), PIXELS, SIDE)
    assert (once.converted, once.orientation, once.stored) == ("", 1, (90, 60))
    assert b"who" not in once.data
    assert codec.canonical(once.data, PIXELS, SIDE).data == once.data


@pytest.mark.parametrize(
    ("kind", "mode", "note"),
    [
        ("PNG", "RGB", "PNG (RGB)"), ("PNG", "RGBA", "PNG (RGBA)"), ("BMP", "RGB", "BMP (RGB)"),
        ("JPEG", "CMYK", "JPEG (CMYK)"), ("TIFF", "L", "TIFF (L)"), ("WEBP", "RGB", "WEBP (RGB)"),
    ],
)  # fmt: skip
def test_everything_else_is_encoded_anew_and_says_why(kind: str, mode: str, note: str) -> None:
    found = codec.canonical(saved(Image.fromarray(picture()).convert(mode), kind), PIXELS, SIDE)
    assert found.converted == note
    assert found.rgb.shape == (60, 90, 3)
    assert Image.open(io.BytesIO(found.data)).format == "JPEG"


def test_what_is_transparent_becomes_white() -> None:
    image = Image.fromarray(picture()).convert("RGBA")
    image.putalpha(0)
    assert codec.canonical(saved(image, "PNG"), PIXELS, SIDE).rgb.min() == 255


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "zero bytes"),
        (b"<html>404", "a web page"),
        (b"\0\1\2" * 50, "not an image"),
        (saved(Image.fromarray(picture()), "PNG")[:900], "truncated"),
        (saved(Image.fromarray(picture(10, 90)), "PNG"), "under ingest.min_side = 16"),
        (saved(Image.fromarray(picture(1001, 1000)), "PNG"), "more than ingest.max_pixels = 1000000"),
    ],
)
def test_what_can_not_be_used_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(codec.BadImage, match=reason):
        codec.canonical(data, PIXELS, SIDE)


def test_a_side_that_jpeg_can_not_hold_is_refused() -> None:
    with pytest.raises(codec.BadImage, match="too long a side"):
        codec.encode(np.zeros((1, 65_501, 3), np.uint8))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2000))
def test_damage_is_a_bad_image_and_never_another_error(noise: bytes, at: int) -> None:
    data = bytearray(saved(Image.fromarray(picture()), "JPEG"))
    data[at : at + len(noise)] = noise
    with suppress(codec.BadImage):
        found = codec.canonical(bytes(data), PIXELS, SIDE)
        assert found.rgb.shape[1::-1] == found.stored
