"""From encoded bytes to the network's input size: decoding, resizing and denoising. Pictures are BGR."""

from typing import Literal

import cv2
import numpy as np
from jaxtyping import UInt8

from weldspot.config.sections.preprocess import Denoise
from weldspot.runtime.errors import WeldspotError

Fit = Literal["stretch", "letterbox"]
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
_PADDING = (114, 114, 114)
_BILATERAL_COLOUR = 30.0  # grey levels: edges higher than this stay sharp


def fitted(width: int, height: int, size: int, fit: Fit) -> tuple[int, int]:
    """Width and height in pixels that a picture takes inside the size×size square."""
    if fit == "stretch":
        return size, size
    scale = size / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def corner(target: tuple[int, int], size: int) -> tuple[int, int]:
    """Where `pad` puts the left upper corner of a picture of the target (width, height): x and y."""
    return (size - target[0]) // 2, (size - target[1]) // 2


def decode(
    data: bytes, width: int, height: int, target: tuple[int, int], name: str = "image"
) -> UInt8[np.ndarray, "out_height out_width 3"]:
    """The picture of encoded bytes, at a half, quarter or eighth of its size when that still covers the target.

    Args:
        data: The encoded bytes.
        width: Of the full picture.
        height: Of the full picture.
        target: Width and height that the picture is wanted in.
        name: What an error calls the picture.

    Raises:
        WeldspotError: the bytes are no picture.
    """
    cover = min(width / target[0], height / target[1])
    flag = next((flag for factor, flag in _REDUCED if cover >= factor), cv2.IMREAD_COLOR)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), flag) if data else None
    if picture is None:
        raise WeldspotError(f"{name}: can't be decoded; run `dvc repro ingest`, which quarantines such files")
    return picture


def resize(
    picture: UInt8[np.ndarray, "height width 3"], target: tuple[int, int]
) -> UInt8[np.ndarray, "out_height out_width 3"]:
    """The picture at the target (width, height): averages areas when shrinking, interpolates when growing."""
    height, width = picture.shape[:2]
    if (width, height) == target:
        return picture
    shrinks = width >= target[0] and height >= target[1]
    return cv2.resize(picture, target, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def pad(picture: UInt8[np.ndarray, "height width 3"], size: int) -> UInt8[np.ndarray, "size size 3"]:
    """The picture in the middle of a grey size×size square."""
    height, width = picture.shape[:2]
    if height == width == size:
        return picture
    left, top = corner((width, height), size)
    border = (top, size - height - top, left, size - width - left)
    return cv2.copyMakeBorder(picture, *border, cv2.BORDER_CONSTANT, value=_PADDING)


def denoise(picture: UInt8[np.ndarray, "height width 3"], section: Denoise) -> UInt8[np.ndarray, "height width 3"]:
    """The picture after the median, bilateral and Gaussian filters that are on; the same array when none is."""
    if section.median > 1:
        picture = cv2.medianBlur(picture, section.median)
    if section.bilateral > 1:
        picture = cv2.bilateralFilter(picture, section.bilateral, _BILATERAL_COLOUR, section.bilateral / 3)
    if section.gaussian > 1:
        picture = cv2.GaussianBlur(picture, (section.gaussian, section.gaussian), 0)
    return picture


def encode(picture: UInt8[np.ndarray, "height width 3"], quality: int) -> bytes:
    """The picture as JPEG; the same pixels give the same bytes."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done  # fails only on shapes that are no picture
    return data.tobytes()
