"""What is a photograph and what is not."""

import io
import struct
import zlib

import pytest
from PIL import Image
from starlette.testclient import TestClient

from weldspot.server.answers import Refused
from weldspot.server.uploads import photo

HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def bomb() -> bytes:
    """A JPEG of a few hundred bytes whose header says 65,000 × 65,000 pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


def large(progressive: bool) -> bytes:
    """2100 × 2100 pixels with a thumbnail among its metadata, as a camera writes it."""
    thumbnail, buffer = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (160, 120)).save(thumbnail, "JPEG")
    exif = b"Exif\0\0" + thumbnail.getvalue()
    Image.new("RGB", (2100, 2100), (9, 99, 200)).save(buffer, "JPEG", progressive=progressive, exif=exif)
    return buffer.getvalue()


def many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated a thousand times."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 99, 200)).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + b"\xff\xd9"


def test_a_large_picture_may_have_one_scan_only():
    photo.check(large(progressive=False), 25_000_000)
    with pytest.raises(Refused, match=r"progressive image may have at most 4 million pixels, not 2100 × 2100"):
        photo.check(large(progressive=True), 25_000_000)


@pytest.mark.parametrize(
    ("image", "status"),
    [
        (b"", 415), (HTML, 415), (png(), 415), (b"\xff\xd8\xff" + HTML, 415), (bomb(), 413), (many_scans(), 413),
        (b"\xff\xd8\xff" + bytes(250_000), 413), (zlib.compress(bytes(10**6)), 415),
    ],
    ids=["empty", "html", "png", "html-with-magic", "bomb", "scans", "large", "zlib"],
)  # fmt: skip
def test_what_is_no_photograph_is_refused(client: TestClient, shot, spooled, image, status):
    one = shot(sha256="")
    answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", image, "image/jpeg")})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"].endswith(".")
    assert not spooled()


def test_a_photograph_that_ends_early_is_refused(client, shot, spooled):
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(buffer, "JPEG")
    one = shot(sha256="")
    cut = buffer.getvalue()[: len(buffer.getvalue()) // 2]
    answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", cut, "image/jpeg")})
    assert answer.status_code == 415
    assert "damaged" in answer.json()["error"]
    assert not spooled()


def test_half_a_photograph_with_an_end_is_refused(client, shot, spooled):
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(buffer, "JPEG")
    whole, one = buffer.getvalue(), shot(sha256="")
    larger = bytearray(whole)
    frame = whole.index(b"\xff\xc0") + 5
    larger[frame : frame + 4] = struct.pack(">HH", 990, 600)
    for image in (whole[: len(whole) // 2] + b"\xff\xd9", bytes(larger)):
        answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", image, "image/jpeg")})
        assert (answer.status_code, "damaged" in answer.json()["error"]) == (415, True)
    assert not spooled()
