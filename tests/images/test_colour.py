"""Pixels of any depth and profile: as sRGB, and unchanged where they were that."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from weldspot.images import codec
from weldspot.images.colour import eight_bits, to_srgb

PIXELS, SIDE = 10**6, 16
# chromaticities of the primaries, as ICC's s15Fixed16 XYZ adapted to D50, and one gamma for all three
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))


def profile(primaries: tuple[tuple[float, float, float], ...], gamma: float = 2.2, name: str = "Display P3") -> bytes:
    """A matrix profile of ICC version 2."""

    def fixed(value: float) -> bytes:
        return round(value * 65536).to_bytes(4, "big", signed=True)

    text = b"desc\0\0\0\0" + (len(name) + 1).to_bytes(4, "big") + name.encode() + b"\0" + b"\0" * 78
    curve = b"curv\0\0\0\0\0\0\0\1" + round(gamma * 256).to_bytes(2, "big") + b"\0\0"
    colours = [b"XYZ \0\0\0\0" + b"".join(map(fixed, xyz)) for xyz in primaries]
    white = b"XYZ \0\0\0\0" + b"".join(map(fixed, (0.96420, 1, 0.82491)))
    tags = {b"desc": text, b"wtpt": white, b"rXYZ": colours[0], b"gXYZ": colours[1], b"bXYZ": colours[2]}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, at = [], b"", 128 + 4 + 12 * len(tags)
    for key, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table.append(key + (at + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big"))
        body += padded
    size = at + len(body)
    head = size.to_bytes(4, "big") + b"lcms\x02\x10\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(24)
    head += bytes(4) + b"".join(map(fixed, (0.96420, 1, 0.82491))) + bytes(48)
    return head[:128].ljust(128, b"\0") + len(tags).to_bytes(4, "big") + b"".join(table) + body


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


RED = Image.new("RGB", (64, 48), (200, 60, 60))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIF"])
def test_display_p3_becomes_srgb_whatever_the_file(kind: str) -> None:
    data = saved(RED, kind, icc_profile=profile(P3), quality=95)
    found = codec.canonical(data, PIXELS, SIDE)
    assert found.converted == "from Display P3 to sRGB"
    red, green, blue = found.rgb.mean((0, 1))
    assert red > 210  # the same colour has more of sRGB's weaker red
    assert green < 55
    assert abs(blue - 55) < 8


def test_a_jpeg_that_says_it_is_srgb_keeps_its_picture() -> None:
    theirs = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (theirs, profile(SRGB, name="c2"), b"nonsense", theirs[:200]):
        found = codec.canonical(saved(RED, "JPEG", icc_profile=icc), PIXELS, SIDE)
        assert found.converted == ""
        assert found.data == codec.canonical(saved(RED, "JPEG"), PIXELS, SIDE).data


def test_a_profile_of_another_kind_of_picture_is_passed_over() -> None:
    grey = Image.new("L", (64, 48), 90)
    grey.info["icc_profile"] = profile(P3)
    assert to_srgb(grey)[0].getpixel((0, 0)) == (90, 90, 90)


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (np.full((20, 20), 4000, np.uint16), "not scaled to 65535"),
        (np.full((20, 20), 70_000, np.int32), "whose range nobody knows"),
        (np.full((20, 20), -5, np.int32), "whose range nobody knows"),
        (np.full((20, 20), 0.5, np.float32), "whose range nobody knows"),
    ],
)
def test_pixels_without_a_known_white_are_refused(pixels: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        eight_bits(Image.fromarray(pixels))


def test_deep_pixels_are_scaled_and_not_clipped() -> None:
    steps = np.arange(0, 65_536, 257, np.uint16).reshape(16, 16)
    assert np.array_equal(np.asarray(eight_bits(Image.fromarray(steps))).ravel(), np.arange(256))
    assert np.asarray(eight_bits(Image.fromarray(np.zeros((4, 4), np.uint16)))).max() == 0
