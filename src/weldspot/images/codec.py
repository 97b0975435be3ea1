"""One canonical form for every photograph: upright, without metadata, JPEG."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from weldspot.images import jpeg

QUALITY = 95
Image.init()  # else which formats open() knows depends on what it has opened before
_FORMATS: list[str] = [
    name for name in ("JPEG", "MPO", "PNG", "BMP", "GIF", "TIFF", "WEBP", "AVIF") if name in Image.OPEN
]
_ORIENTATION = 0x0112
_LARGEST_JPEG_SIDE = 65_500

Image.MAX_IMAGE_PIXELS = None  # canonical() has a limit of its own, from params.yaml, with a reason of its own


class BadImage(Exception):
    """Why an image can't be used."""


@dataclass(frozen=True)
class Canonical:
    """A photograph in canonical form.

    `data`: JPEG bytes, `rgb` their picture; `converted`: why the bytes are not the vendor's, "" if they are;
    `orientation`: the EXIF orientation (1 to 8) that was applied to a picture stored as `stored` (width, height).
    """

    data: bytes
    rgb: UInt8[np.ndarray, "height width 3"]
    converted: str
    orientation: int
    stored: tuple[int, int]


def canonical(data: bytes, max_pixels: int, min_side: int) -> Canonical:
    """Decodes any common image.

    A plain upright 8-bit RGB or grey JPEG keeps its compressed picture; everything else is encoded anew.

    Raises:
        BadImage: it can't be used, with the reason.
    """
    image = _open(data)
    width, height = image.size
    if width * height > max_pixels:
        raise BadImage(f"{width} x {height} pixels: more than ingest.max_pixels = {max_pixels}")
    if min(width, height) < min_side:
        raise BadImage(f"{width} x {height} pixels: a side under ingest.min_side = {min_side}")
    try:
        image.load()
        orientation = _orientation(image)
        rgb = _rgb(ImageOps.exif_transpose(image) if orientation != 1 else image)
        note = _note(image, orientation)  # looks for a second frame, which may be damaged
    except Exception as error:  # decoders raise anything on damaged input
        raise BadImage(_decoding_reason(error)) from error
    kept = jpeg.bare(data) if not note else None
    if kept is not None and not _opencv_agrees(kept, rgb):
        kept = None
    if not note and kept is None:
        note = "JPEG of an uncommon coding"
    return Canonical(kept or encode(rgb), rgb, note, orientation, (width, height))


def encode(rgb: UInt8[np.ndarray, "height width 3"]) -> bytes:
    """The picture as JPEG of quality 95, without chroma subsampling.

    Raises:
        BadImage: a side is too long for JPEG.
    """
    if max(rgb.shape[:2]) > _LARGEST_JPEG_SIDE:
        raise BadImage(f"{rgb.shape[1]} x {rgb.shape[0]} pixels: too long a side for JPEG")
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def _opencv_agrees(data: bytes, rgb: UInt8[np.ndarray, "height width 3"]) -> bool:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)  # later stages read with OpenCV
    return decoded is not None and decoded.shape == rgb.shape


def _open(data: bytes) -> Image.Image:
    if not data:
        raise BadImage("zero bytes")
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        web_page = start.startswith((b"<!doctype html", b"<html")) or b"<html" in start
        raise BadImage("a web page (HTML), not an image" if web_page else "not an image of a known format") from None
    except Exception as error:  # decoders raise anything on damaged input
        raise BadImage(_decoding_reason(error)) from error


def _decoding_reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "truncated" in text or isinstance(error, EOFError):
        return "truncated: the file ends in the middle of the picture"
    return f"can't be decoded ({text[:200] or type(error).__name__})"


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged EXIF block does not spoil the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _note(image: Image.Image, orientation: int) -> str:
    if image.format != "MPO" and getattr(image, "is_animated", False):
        return f"first frame of an animated {image.format}"
    if orientation != 1:
        return f"turned upright (EXIF orientation {orientation})"
    if image.format not in ("JPEG", "MPO"):
        return f"{image.format} ({image.mode})"
    return "" if image.mode in ("RGB", "L") else f"JPEG ({image.mode})"


def _rgb(image: Image.Image) -> UInt8[np.ndarray, "height width 3"]:
    if image.mode.startswith("I"):
        grey = np.asarray(image).astype(np.int64)
        deep = image.mode != "I" or grey.max(initial=0) > 255  # Pillow would clip 16 bits to 8, not scale them
        image = Image.fromarray((np.clip(grey, 0, 65_535) // 257 if deep else np.clip(grey, 0, 255)).astype(np.uint8))
    elif image.mode == "F":
        raise ValueError("floating-point pixels, whose range nobody knows")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        picture = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.ascontiguousarray(image.convert("RGB"))
