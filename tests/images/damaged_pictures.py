"""Pictures with bytes changed and sides that are not theirs, each from a text as its seed."""

import io
import random
import struct
import zlib

from PIL import Image, ImageCms

from weldspot.images import codec  # noqa: F401  registers HEIF

_KINDS = ("JPEG", "JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP", "AVIF")
_P3 = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
_SIDES = ((9900, 9900), (1600, 15600), (65500, 1500), (20000, 20000), (60000, 60000))


def picture(seed: str) -> bytes:
    """One of any kind."""
    draw = random.Random(seed)
    kind, side = draw.choice(_KINDS), draw.choice((64, 400))
    options = {"progressive": True} if kind == "JPEG" and draw.random() < 0.3 else {}
    stream = io.BytesIO()
    small = _noise(draw, side)
    small.save(stream, kind, **options)
    data = bytearray(stream.getvalue())
    for _ in range(draw.choice((0, 1, 3, 10))):
        data[draw.randrange(min(len(data), draw.choice((64, 700, len(data)))))] = draw.randrange(256)
    if draw.random() < 0.5:
        said(data, kind, *draw.choice(_SIDES))
    return bytes(data)


def _noise(draw: random.Random, side: int) -> Image.Image:
    """A picture that hardly compresses."""
    return Image.frombytes("RGB", (side, side), draw.randbytes(3 * side * side))


def said(data: bytearray, kind: str, width: int, height: int) -> None:
    """Writes other sides into the head of a JPEG, PNG or BMP."""
    if kind == "JPEG" and (frame := max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))) > 0:
        data[frame + 5 : frame + 9] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    if kind == "PNG":
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    if kind == "BMP":
        data[18:26] = struct.pack("<ii", width, height)


def large(kind: str) -> bytes:
    """A whole picture of 64 million pixels, all of one colour: a few kilobytes to some hundred."""
    name, mode, *more = kind.split()
    options = {
        "progressive": {"progressive": True},
        "transparency": {"transparency": 0},
        "profile": {"icc_profile": _P3},
    }
    picture = Image.new(mode, (8000, 8000), 9)
    if mode in ("RGBA", "LA"):
        picture.putalpha(128)
    stream = io.BytesIO()
    picture.save(stream, name, **{key: value for word in more for key, value in options[word].items()})
    return stream.getvalue()


LARGE = (
    "JPEG RGB", "JPEG L", "JPEG CMYK", "JPEG RGB profile", "PNG RGB", "PNG RGBA", "PNG LA", "PNG P transparency",
    "PNG I;16", "PNG RGB profile", "BMP RGB", "GIF P", "TIFF RGB", "TIFF RGBA", "TIFF CMYK", "TIFF I;16", "WEBP RGBA",
    "AVIF RGB",
)  # fmt: skip
