"""What is a photograph and what is not."""

import io
import struct
import subprocess
import sys
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


def hidden_scans() -> bytes:
    """The same behind a restart marker, after which no length comes."""
    return many_scans()[:2] + b"\xff\xd0" + many_scans()[2:]


def segments() -> bytes:
    """A JPEG with five thousand empty segments before its picture."""
    return large(progressive=False)[:2] + b"\xff\xe5\0\2" * 5000 + large(progressive=False)[2:]


def test_a_large_picture_may_have_one_scan_only():
    photo.check(large(progressive=False), 25_000_000)
    with pytest.raises(Refused, match=r"progressive image may have at most 4 million pixels, not 2100 × 2100"):
        photo.check(large(progressive=True), 25_000_000)


@pytest.mark.parametrize(
    ("image", "status"),
    [
        (b"", 415), (HTML, 415), (png(), 415), (b"\xff\xd8\xff" + HTML, 415), (bomb(), 413), (many_scans(), 413),
        (hidden_scans(), 413), (segments(), 413), (b"\xff\xd8\xff" + bytes(250_000), 413),
        (zlib.compress(bytes(10**6)), 415),
    ],
    ids=["empty", "html", "png", "html-with-magic", "bomb", "scans", "hidden-scans", "segments", "large", "zlib"],
)  # fmt: skip
def test_what_is_no_photograph_is_refused(client: TestClient, shot, spooled, image, status):
    one = shot(sha256="")
    answer = client.post(one.path, files=one.parts() | {"image": ("shot.jpg", image, "image/jpeg")})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"].endswith(".")
    assert not spooled()


@pytest.mark.parametrize(
    "judge", ["from weldspot.server.uploads.photo import check; check(data, 9999)",
              "from weldspot.images.codec import canonical; canonical(data, 9999, 8)"],
)  # fmt: skip
def test_tags_that_lie_fill_no_log(judge):
    """Pillow warns of each tag, in a line that it remembers: 13 bytes of log for one that is sent."""
    tags = b"".join(struct.pack("<HHII", 0x1000 + number, 1, 60_000, 8) for number in range(4000))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 4000) + tags
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "JPEG", exif=exif)
    program = f"import sys; data = sys.stdin.buffer.read(); {judge}"
    done = subprocess.run([sys.executable, "-c", program], input=buffer.getvalue(), capture_output=True, check=True)
    assert done.stdout + done.stderr == b""


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
