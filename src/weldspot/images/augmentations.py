"""Variants of a training picture, each a function of (seed, image id, variant) alone. Pictures are uint8[h,w,3] BGR."""

import math
from functools import cache

import cv2
import numpy as np

from weldspot.config.sections.augment import Augment, Noise

_GREY = np.array([0.114, 0.587, 0.299])  # of blue, green, red
_LUMA = np.ones((3, 1)) * _GREY
_IDENTITY, _CROSS = np.eye(3), np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
_NOISE_TABLE = 1 << 20


def generator(seed: int, image_id: str, variant: int) -> np.random.Generator:
    """The random numbers of one variant of one image (`image_id` is hex)."""
    return np.random.default_rng([seed % 2**64, int(image_id, 16), variant])


def augment(bgr: np.ndarray, params: Augment, image_id: str, variant: int) -> np.ndarray:
    """One variant of the picture, same shape; every parameter at 0 (and quarter_turns off) gives the picture itself."""
    rng = generator(params.seed, image_id, variant)
    # every number is drawn whether it is used or not, so that changing one parameter leaves the others' effects alone
    place, light, chances = rng.random(6).tolist(), rng.uniform(-1, 1, 4).tolist(), rng.random(9).tolist()
    height, width = bgr.shape[:2]
    turn = placement(width, height, params, place)
    if turn is not None:
        bgr = cv2.warpAffine(bgr, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mixing = colours(params, light, bgr)
    if mixing is not None:
        bgr = cv2.transform(bgr, mixing)
    if chances[0] < params.blur_probability:
        bgr = cv2.GaussianBlur(bgr, (0, 0), params.blur_sigma * (0.3 + 0.7 * chances[1]))
    if chances[2] < params.noise.probability:
        bgr = add_noise(bgr, params.noise, chances[3], 0.3 + 0.7 * chances[4], rng)
    if chances[5] < params.cutout_probability:
        bgr = cut_out(bgr, params.cutout_fraction * (0.5 + 0.5 * chances[6]), chances[7], chances[8])
    return bgr


def placement(width: int, height: int, params: Augment, draw: list[float]) -> np.ndarray | None:
    """float64[2,3]: flips, quarter turns, rotation and zoom as one map about the centre; None when it moves nothing."""
    quarter = int(draw[0] * 4) if params.quarter_turns else 0
    angle = params.rotation * (2 * draw[1] - 1)
    zoom = 1 + params.zoom * (2 * draw[2] - 1)
    flip_x = -1.0 if draw[3] < params.flip_horizontal else 1.0
    flip_y = -1.0 if draw[4] < params.flip_vertical else 1.0
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


def colours(params: Augment, draw: list[float], bgr: np.ndarray) -> np.ndarray | None:
    """float32[3,4]: hue, saturation, contrast and brightness as one mix of the channels; None when it changes nothing.

    Hue turns about the grey axis, contrast works about the picture's own mean.
    """
    most = (params.brightness, params.contrast, params.saturation, params.hue)
    brightness, contrast, saturation, hue = strengths = [a * b for a, b in zip(most, draw, strict=True)]
    if not any(strengths):
        return None
    mean = float(_GREY @ np.array(cv2.mean(bgr)[:3]))
    mixing = np.full((3, 4), -contrast * mean)
    mixing[:, :3] = (1 + contrast) * (_LUMA + (1 + saturation) * (_hue_turn(2 * math.pi * hue) - _LUMA))
    return ((1 + brightness) * mixing).astype(np.float32)


def _hue_turn(radians: float) -> np.ndarray:
    """float64[3,3]: a rotation about the grey axis (1,1,1)."""
    cos, sin = math.cos(radians), math.sin(radians) / math.sqrt(3)
    return cos * _IDENTITY + (1 - cos) / 3 + sin * _CROSS


@cache
def _normals() -> np.ndarray:
    """float32[2^21] standard normal numbers, 2^20 of them twice over, so that a stretch from anywhere in the first half
    is one piece. Noise is such a stretch: drawing afresh would cost more than the warp.
    """
    return np.tile(np.random.default_rng(20_011).standard_normal(_NOISE_TABLE, np.float32), 2)


def _normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """float32 normal numbers of a shape: the table from a random place on, again and again if the shape is larger."""
    count, start = math.prod(shape), int(rng.integers(_NOISE_TABLE))
    stretch = _normals()[start : start + min(count, _NOISE_TABLE)]
    return (stretch if len(stretch) == count else np.resize(stretch, count)).reshape(shape)


def add_noise(bgr: np.ndarray, params: Noise, choice: float, strength: float, rng: np.random.Generator) -> np.ndarray:
    """The picture with one of the noises that are on, picked by `choice` in [0,1), at a share of its strength."""
    kinds = [k for k, on in enumerate((params.gaussian, params.poisson, params.salt_pepper)) if on]
    if not kinds:
        return bgr
    kind = kinds[int(choice * len(kinds))]
    if kind == 0:
        return cv2.add(bgr, _normal(bgr.shape, rng) * np.float32(strength * params.gaussian), dtype=cv2.CV_8U)
    if kind == 1:  # photon noise: its variance grows with the light
        deviations = np.sqrt(np.arange(256) * (strength * params.poisson)).astype(np.float32)
        return cv2.add(bgr, cv2.multiply(_normal(bgr.shape, rng), cv2.LUT(bgr, deviations)), dtype=cv2.CV_8U)
    return _salt_and_pepper(bgr, strength * params.salt_pepper, rng)


def _salt_and_pepper(bgr: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    height, width = bgr.shape[:2]
    spots = rng.integers(height * width, size=round(share * height * width))
    spotted = bgr.reshape(-1, 3).copy()
    spotted[spots[::2]], spotted[spots[1::2]] = 0, 255
    return spotted.reshape(bgr.shape)


def cut_out(bgr: np.ndarray, fraction: float, x: float, y: float) -> np.ndarray:
    """The picture with a rectangle, a fraction of each side, in its mean colour; x and y in [0,1) place it."""
    height, width = bgr.shape[:2]
    high, wide = round(fraction * height), round(fraction * width)
    if not high or not wide:
        return bgr
    top, left = int(y * (height - high + 1)), int(x * (width - wide + 1))
    holed = bgr.copy()
    holed[top : top + high, left : left + wide] = np.round(cv2.mean(bgr)[:3])
    return holed
