"""Any picture's pixels as 8-bit sRGB: deep ones scaled, transparent ones on white, other profiles converted."""

import functools
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

_DEEP_WHITE = 65_535
DARK = 4_095  # of 65535: a camera's 10 or 12 bits, put into 16 without being scaled
UNSCALED = "10 or 12 bits that were not scaled to 65535; scale them"
_BAND = 512  # rows
_SAME = 4  # of 255: profiles that differ less from sRGB are sRGB, as some editor has written it
_TRANSPARENT = ("RGBA", "LA", "PA", "La", "RGBa")
_SPACE = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # of a profile, and the mode that it is for


def eight_bits(image: Image.Image) -> Image.Image:
    """The picture with 8 bits a channel, not clipped.

    Raises:
        ValueError: nobody knows which value is white.
    """
    if image.mode == "F":
        raise ValueError("floating-point pixels, whose range nobody knows")
    if not image.mode.startswith("I"):
        return image
    grey = np.asarray(image)
    brightest = grey.max(initial=0)
    if brightest > _DEEP_WHITE or grey.min(initial=0) < 0:
        raise ValueError("32-bit pixels, whose range nobody knows")
    if image.mode == "I" and brightest <= 255:
        return Image.fromarray(grey.astype(np.uint8))
    if 0 < brightest <= DARK:
        raise ValueError(f"16-bit pixels of at most {brightest}: {UNSCALED}")
    return Image.fromarray((grey // 257).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent becomes white; in bands, as each step makes a picture of its own."""
    found = Image.new("RGB", image.size)
    for top in range(0, image.height, _BAND):
        band = image.crop((0, top, image.width, min(top + _BAND, image.height))).convert("RGBA")
        white = Image.new("RGBA", band.size, "white")
        found.paste(Image.alpha_composite(white, band).convert("RGB"), (0, top))
    return found


def to_srgb(image: Image.Image) -> tuple[Image.Image, str]:
    """The picture as RGB in sRGB, and the name of the profile that it was converted from, "" for none.

    The picture is as it is decoded, with its profile in `info`. A profile that is damaged, or of another kind of
    picture, is passed over: every viewer does.
    """
    found: object = image.info.get("icc_profile")
    profile = found if isinstance(found, bytes) else b""
    plain = eight_bits(image)
    if plain.mode in _TRANSPARENT or "transparency" in plain.info:
        plain = _on_white(plain)
    if plain.mode not in ("RGB", "L", "CMYK"):
        plain = plain.convert("RGB")
    space, name = _other_than_srgb(profile, plain.mode) if profile else ("", "")
    if not space:
        return plain if plain.mode == "RGB" else plain.convert("RGB"), ""
    try:
        return _converted(plain, profile), name
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain.convert("RGB"), ""


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    if converted is None:
        raise ValueError("not converted")
    return converted


@functools.lru_cache(maxsize=32)
def _other_than_srgb(profile: bytes, mode: str) -> tuple[str, str]:
    """The mode and the name of a profile whose colours differ from sRGB's; two "" for one that changes nothing."""
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = ImageCms.getProfileDescription(read).strip()
        if _SPACE.get(str(read.profile.xcolor_space)) != mode:
            return "", ""
        if mode != "CMYK":
            swatch = _swatch().convert(mode)
            change = np.abs(np.asarray(_converted(swatch, profile), int) - np.asarray(swatch.convert("RGB"), int))
            if change.max() <= _SAME:
                return "", ""
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "", ""
    return mode, "".join(letter for letter in name if letter.isprintable())[:60] or "an unnamed profile"


def _swatch() -> Image.Image:
    """6 x 6 x 6 colours, as a picture of 36 x 6."""
    steps = np.linspace(0, 255, 6).astype(np.uint8)
    return Image.fromarray(np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(6, 36, 3))
