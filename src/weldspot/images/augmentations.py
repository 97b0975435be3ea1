"""Variants of a training picture, each a function of (seed, image id, variant) alone. Pictures are BGR."""

import math
import zlib
from functools import cache

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from weldspot.config.sections.augment import Augment, Noise
from weldspot.runtime.plugins import resolver

_GREY = np.array([0.114, 0.587, 0.299])  # of blue, green, red
_LUMA = np.ones((3, 1)) * _GREY
_IDENTITY, _CROSS = np.eye(3), np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
_NOISE_TABLE = 1 << 20


def generator(seed: int, image_id: str, variant: int) -> np.random.Generator:
    """The random numbers of one variant of one image (`image_id` is hex)."""
    return np.random.default_rng([seed % 2**64, int(image_id, 16), variant])


def augment(
    bgr: UInt8[np.ndarray, "height width 3"], section: Augment, image_id: str, variant: int
) -> UInt8[np.ndarray, "height width 3"]:
    """One variant of the picture; every parameter at 0 (and quarter_turns off) gives the picture itself."""
    rng = generator(section.seed, image_id, variant)
    # every number is drawn whether it is used or not, so that changing one parameter leaves the others' effects alone
    place, light, chances = rng.random(6).tolist(), rng.uniform(-1, 1, 4).tolist(), rng.random(9).tolist()
    height, width = bgr.shape[:2]
    turn = placement(width, height, section, place)
    if turn is not None:
        bgr = cv2.warpAffine(bgr, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mixing = colours(section, light, bgr)
    if mixing is not None:
        bgr = cv2.transform(bgr, mixing)
    if chances[0] < section.blur_probability:
        bgr = cv2.GaussianBlur(bgr, (0, 0), section.blur_sigma * (0.3 + 0.7 * chances[1]))
    if chances[2] < section.noise.probability:
        bgr = add_noise(bgr, section.noise, chances[3], 0.3 + 0.7 * chances[4], rng)
    if chances[5] < section.cutout_probability:
        bgr = cut_out(bgr, section.cutout_fraction * (0.5 + 0.5 * chances[6]), chances[7], chances[8])
    for name in section.extra:
        bgr = _own(bgr, name, section.seed, image_id, variant)
    return bgr


def moved(width: int, height: int, section: Augment, image_id: str, variant: int) -> Float64[np.ndarray, "2 3"]:
    """Where `augment` puts the pixels of a picture: (x, y, 1) there → (x, y) here."""
    draw = generator(section.seed, image_id, variant).random(6).tolist()
    turn = placement(width, height, section, draw)
    return np.eye(2, 3) if turn is None else turn


def _own(
    bgr: UInt8[np.ndarray, "height width 3"], name: str, seed: int, image_id: str, variant: int
) -> UInt8[np.ndarray, "height width 3"]:
    """The picture after an augmentation outside the package: a function of (picture, random generator) → picture.

    Its random numbers are its own, so that it leaves the others' alone, and they it.
    """
    plugin = resolver.load("augmentations", name)
    rng = np.random.default_rng([seed % 2**64, int(image_id, 16), variant, zlib.crc32(name.encode())])
    changed = plugin(bgr.copy(), rng)
    if not isinstance(changed, np.ndarray) or changed.shape != bgr.shape or changed.dtype != np.uint8:
        given = f"{changed.dtype}{list(changed.shape)}" if isinstance(changed, np.ndarray) else type(changed).__name__
        raise plugin.unfit(f"gives {given} for a picture uint8{list(bgr.shape)}, not another of that kind")
    return changed


def placement(width: int, height: int, section: Augment, draw: list[float]) -> Float64[np.ndarray, "2 3"] | None:
    """Flips, quarter turns, rotation and zoom as one map about the centre; None when it moves nothing.

    Args:
        width: Of the picture.
        height: Of the picture.
        section: How far each may go.
        draw: Five random numbers or more, in [0, 1).
    """
    quarter = int(draw[0] * 4) if section.quarter_turns else 0
    angle = section.rotation * (2 * draw[1] - 1)
    zoom = 1 + section.zoom * (2 * draw[2] - 1)
    flip_x = -1.0 if draw[3] < section.flip_horizontal else 1.0
    flip_y = -1.0 if draw[4] < section.flip_vertical else 1.0
    if not quarter and angle == 0 and zoom == 1 and flip_x == flip_y == 1:
        return None
    radians = math.radians(angle + 90 * quarter)
    cos, sin = zoom * math.cos(radians), zoom * math.sin(radians)
    # a quarter turn of an oblong picture has to fill the same frame
    stretch = width / height if quarter % 2 else 1.0
    xx, xy = stretch * cos * flip_x, stretch * sin * flip_y
    yx, yy = -sin * flip_x / stretch, cos * flip_y / stretch
    x, y = (width - 1) / 2, (height - 1) / 2
    return np.array([[xx, xy, x - (xx * x + xy * y)], [yx, yy, y - (yx * x + yy * y)]])


def colours(
    section: Augment, draw: list[float], bgr: UInt8[np.ndarray, "height width 3"]
) -> Float32[np.ndarray, "3 4"] | None:
    """Hue, saturation, contrast and brightness as one mix of the channels; None when it changes nothing.

    Hue turns about the grey axis, contrast works about the picture's own mean.

    Args:
        section: How far each may go.
        draw: Four random numbers in [-1, 1): brightness, contrast, saturation, hue.
        bgr: The picture.
    """
    most = (section.brightness, section.contrast, section.saturation, section.hue)
    brightness, contrast, saturation, hue = strengths = [a * b for a, b in zip(most, draw, strict=True)]
    if not any(strengths):
        return None
    mean = float(_GREY @ np.array(cv2.mean(bgr)[:3]))
    mixing = np.full((3, 4), -contrast * mean)
    mixing[:, :3] = (1 + contrast) * (_LUMA + (1 + saturation) * (_hue_turn(2 * math.pi * hue) - _LUMA))
    return ((1 + brightness) * mixing).astype(np.float32)


def _hue_turn(radians: float) -> Float64[np.ndarray, "3 3"]:
    """A rotation about the grey axis (1,1,1)."""
    cos, sin = math.cos(radians), math.sin(radians) / math.sqrt(3)
    return cos * _IDENTITY + (1 - cos) / 3 + sin * _CROSS


@cache
def _normals() -> Float32[np.ndarray, " 2097152"]:
    """2^20 standard normal numbers twice over, so that a stretch from anywhere in the first half is one piece.

    Noise is such a stretch: drawing afresh would cost more than the warp.
    """
    return np.tile(np.random.default_rng(20_011).standard_normal(_NOISE_TABLE, np.float32), 2)


def _normal(shape: tuple[int, ...], rng: np.random.Generator) -> Float32[np.ndarray, "..."]:
    """Normal numbers of a shape: the table from a random place on, again and again if the shape is larger."""
    count, start = math.prod(shape), int(rng.integers(_NOISE_TABLE))
    stretch = _normals()[start : start + min(count, _NOISE_TABLE)]
    return (stretch if len(stretch) == count else np.resize(stretch, count)).reshape(shape)


def add_noise(
    bgr: UInt8[np.ndarray, "height width 3"], section: Noise, choice: float, strength: float, rng: np.random.Generator
) -> UInt8[np.ndarray, "height width 3"]:
    """The picture with one of the noises that are on, picked by `choice` in [0,1), at a share of its strength."""
    kinds = [k for k, on in enumerate((section.gaussian, section.poisson, section.salt_pepper)) if on]
    if not kinds:
        return bgr
    kind = kinds[int(choice * len(kinds))]
    if kind == 0:
        return cv2.add(bgr, _normal(bgr.shape, rng) * np.float32(strength * section.gaussian), dtype=cv2.CV_8U)
    if kind == 1:  # photon noise: its variance grows with the light
        deviations = np.sqrt(np.arange(256) * (strength * section.poisson)).astype(np.float32)
        return cv2.add(bgr, cv2.multiply(_normal(bgr.shape, rng), cv2.LUT(bgr, deviations)), dtype=cv2.CV_8U)
    return _salt_and_pepper(bgr, strength * section.salt_pepper, rng)


def _salt_and_pepper(
    bgr: UInt8[np.ndarray, "height width 3"], share: float, rng: np.random.Generator
) -> UInt8[np.ndarray, "height width 3"]:
    height, width = bgr.shape[:2]
    spots = rng.integers(height * width, size=round(share * height * width))
    spotted = bgr.reshape(-1, 3).copy()
    spotted[spots[::2]], spotted[spots[1::2]] = 0, 255
    return spotted.reshape(bgr.shape)


def cut_out(
    bgr: UInt8[np.ndarray, "height width 3"], fraction: float, x: float, y: float
) -> UInt8[np.ndarray, "height width 3"]:
    """The picture with a rectangle, a fraction of each side, in its mean colour; x and y in [0,1) place it."""
    height, width = bgr.shape[:2]
    high, wide = round(fraction * height), round(fraction * width)
    if not high or not wide:
        return bgr
    top, left = int(y * (height - high + 1)), int(x * (width - wide + 1))
    holed = bgr.copy()
    holed[top : top + high, left : left + wide] = np.round(cv2.mean(bgr)[:3])
    return holed
