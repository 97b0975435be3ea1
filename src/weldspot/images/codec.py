"""One canonical form for every photograph: upright, in sRGB, without metadata, JPEG."""

import warnings
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from jaxtyping import UInt8
from pi_heif import register_heif_opener
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from weldspot.images import jpeg
from weldspot.images.colour import DARK, UNSCALED, to_srgb
from weldspot.images.whole import pieces, png
from weldspot.sources.members import DEVELOP, RAW_HEAD

QUALITY = 95
Image.init()  # else which formats open() knows depends on what it has opened before
register_heif_opener()
_FORMATS: list[str] = [
    name for name in ("JPEG", "MPO", "PNG", "BMP", "GIF", "TIFF", "WEBP", "AVIF", "HEIF") if name in Image.OPEN
]
_ORIENTATION, _SUBFILE, _DNG_VERSION, _BITS = 0x0112, 0x00FE, 0xC612, 0x0102
_PNG_DEPTH = 24  # the byte that says how many bits a sample has
_LARGEST_JPEG_SIDE = 65_500
_LARGEST_EXIF = 16 << 20  # bytes: as many as a JPEG may have of it
_LARGEST_GIF = 16 << 20  # bytes: what stands between its frames is read byte by byte
_WHOLE_PIXELS = 40_000_000  # of pictures that a decoder keeps more than once: the bound on its memory

warnings.filterwarnings("ignore", module=r"PIL\.")  # of a crafted file a line for each of 65,000 tags
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

    A plain upright 8-bit RGB or grey JPEG in sRGB keeps its compressed picture; everything else is encoded anew.

    Raises:
        BadImage: it can't be used, with the reason.
    """
    image = _open(data)
    _check(image, max_pixels, min_side)
    _check_whole(image, data)
    try:
        orientation = _orientation(image)
        stored = image.size if image.format != "TIFF" or orientation <= 4 else image.size[::-1]
        image.load()
        _check_depth(image, data)
        if image.format != "TIFF":  # Pillow has turned it already
            _check(image, max_pixels, min_side)  # a HEIF may be larger than its header says
            stored = image.size
            image = ImageOps.exif_transpose(image) if orientation != 1 else image
        picture, profile = to_srgb(image)
        rgb = np.ascontiguousarray(picture)
        note = _note(image, orientation, profile)  # looks for a second frame, which may be damaged
        del image, picture  # as large as what is decoded next
    except BadImage:
        raise
    except Exception as error:  # decoders raise anything on damaged input
        raise BadImage(_decoding_reason(error)) from error
    kept = jpeg.bare(data) if not note else None
    if kept is not None and not _opencv_agrees(kept, rgb):
        kept = None
    if not note and kept is None:
        note = "JPEG of an uncommon coding"
    return Canonical(kept or encode(rgb), rgb, note, orientation, stored)


def _check(image: Image.Image, max_pixels: int, min_side: int) -> None:
    width, height = image.size
    if width * height > max_pixels:
        raise BadImage(f"{width} x {height} pixels: more than ingest.max_pixels = {max_pixels}")
    if min(width, height) < min_side:
        raise BadImage(f"{width} x {height} pixels: a side under ingest.min_side = {min_side}")


def _check_whole(image: Image.Image, data: bytes) -> None:
    """What decoders fill up without a word is no picture: they are asked here."""
    pixels = image.width * image.height
    if pixels > _WHOLE_PIXELS and (several := _several_copies(image, data)):
        raise BadImage(
            f"{image.width} x {image.height} pixels in {several}: more than {_WHOLE_PIXELS}; save it as JPEG"
        )
    if image.format in ("JPEG", "MPO"):
        if not jpeg.is_possible(data, pixels):
            raise BadImage(f"{len(data)} bytes can't hold {image.width} x {image.height} pixels: cut off, or damaged")
        if found := jpeg.too_many_scans(data, pixels):
            raise BadImage(f"{found}: more than a photograph has; save it anew")
        if found := jpeg.damage(data):
            raise BadImage(f"damaged or truncated: a decoder would fill it up ({found})")
    if image.format == "PNG" and (found := png.damage(data)):
        raise BadImage(found)


def _several_copies(image: Image.Image, data: bytes) -> str:
    """What a picture is if its decoder keeps all of it more than once, "" if it does not."""
    if image.format in ("JPEG", "MPO") and jpeg.count_scans(data) > 1:
        return "a progressive JPEG"
    packed = image.format == "BMP" and any(tile[0] == "bmp_rle" for tile in getattr(image, "tile", ()))
    if packed or image.format == "WEBP" or (image.format == "TIFF" and len(image.getbands()) > 3):
        return f"a {image.format} ({image.mode})"
    return ""


def _check_depth(image: Image.Image, data: bytes) -> None:
    """Of three deep channels Pillow keeps the upper halves: those of 12 bits that were not scaled are all but black."""
    deep = image.format == "PNG" and data[_PNG_DEPTH] == 16
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        deep = max(image.tag_v2.get(_BITS, (8,))) == 16
    if deep and image.mode in ("RGB", "RGBA") and np.asarray(image)[..., :3].max() <= DARK >> 8:
        raise ValueError(f"16-bit pixels of at most {DARK}: {UNSCALED}")


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
    # later stages read with OpenCV; an eighth of each side tells whether it can, at a fraction of the memory
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    return decoded is not None and decoded.shape == (-(-rgb.shape[0] // 8), -(-rgb.shape[1] // 8), 3)


def _open(data: bytes) -> Image.Image:
    if not data:
        raise BadImage("zero bytes")
    if found := _excess(data):
        raise BadImage(f"{found}: not as a camera writes it; save it anew")
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise BadImage(_unknown(data)) from None
    except Exception as error:  # decoders raise anything on damaged input
        raise BadImage(_decoding_reason(error)) from error
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        if _DNG_VERSION in image.tag_v2 or RAW_HEAD.match(data):
            raise BadImage(f"a camera's raw file, whatever its name; {DEVELOP}")
        if image.tag_v2.get(_SUBFILE, 0) == 1:
            raise BadImage(f"a TIFF that begins with a small copy of another picture, as raw files do; {DEVELOP}")
    return image


def _excess(data: bytes) -> str:
    """What would keep a decoder busy for minutes, before it knows how large the picture is."""
    if data.startswith(b"\xff\xd8"):
        return jpeg.excess(data)
    if data.startswith(b"\x89PNG"):
        return png.excess(data)
    if data.startswith((b"II", b"MM")):
        return pieces.tiff(data)
    if data.startswith(b"RIFF"):
        return pieces.webp(data)
    return f"a GIF of {len(data)} bytes" if data.startswith(b"GIF8") and len(data) > _LARGEST_GIF else ""


def _unknown(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "a web page (HTML), not an image"
    return f"a camera's raw file; {DEVELOP}" if RAW_HEAD.match(data) else "not an image of a known format"


def _decoding_reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "truncated" in text or isinstance(error, EOFError):
        return "truncated: the file ends in the middle of the picture"
    return f"can't be decoded ({text[:200] or type(error).__name__})"


def _orientation(image: Image.Image) -> int:
    if len(image.info.get("exif") or b"") > _LARGEST_EXIF:
        raise BadImage(f"more than {_LARGEST_EXIF} bytes of EXIF: not as a camera writes it; save it anew")
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged EXIF block does not spoil the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _note(image: Image.Image, orientation: int, profile: str) -> str:
    notes = [f"turned upright (EXIF orientation {orientation})"] if orientation != 1 else []
    notes += [f"from {profile} to sRGB"] if profile else []
    if image.format != "MPO" and getattr(image, "is_animated", False):
        what = {"TIFF": "page of a TIFF of several", "HEIF": "picture of several in a HEIF"}
        return "; ".join([f"first {what.get(str(image.format), f'frame of an animated {image.format}')}", *notes])
    if notes:
        return "; ".join(notes)
    if image.format not in ("JPEG", "MPO"):
        return f"{image.format} ({image.mode})"
    return "" if image.mode in ("RGB", "L") else f"JPEG ({image.mode})"
