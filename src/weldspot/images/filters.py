"""From encoded bytes to the network's input size: decoding, resizing and denoising, on uint8[h,w,3] BGR pictures."""

from typing import Literal

import cv2
import numpy as np

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


def decode(data: bytes, width: int, height: int, target: tuple[int, int], name: str = "image") -> np.ndarray:
    """uint8[h,w,3] BGR of encoded bytes, decoded at a half, quarter or eighth when that still covers the target.

    `width` and `height` are the full picture's; `name` goes into the WeldspotError for bytes that are no picture.
    """
    cover = min(width / target[0], height / target[1])
    flag = next((flag for factor, flag in _REDUCED if cover >= factor), cv2.IMREAD_COLOR)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), flag) if data else None
    if picture is None:
        raise WeldspotError(f"{name}: can't be decoded; run `dvc repro ingest`, which quarantines such files")
    return picture


def resize(picture: np.ndarray, target: tuple[int, int]) -> np.ndarray:
    """uint8[h,w,3] at the target (width, height): averages areas when shrinking, interpolates when growing."""
    height, width = picture.shape[:2]
    if (width, height) == target:
        return picture
    shrinks = width >= target[0] and height >= target[1]
    return cv2.resize(picture, target, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def pad(picture: np.ndarray, size: int) -> np.ndarray:
    """The picture in the middle of a grey size×size square."""
    height, width = picture.shape[:2]
    if height == width == size:
        return picture
    top, left = (size - height) // 2, (size - width) // 2
    border = (top, size - height - top, left, size - width - left)
    return cv2.copyMakeBorder(picture, *border, cv2.BORDER_CONSTANT, value=_PADDING)


def denoise(picture: np.ndarray, params: Denoise) -> np.ndarray:
    """The picture after the median, bilateral and Gaussian filters that are on; the same array when none is."""
    if params.median > 1:
        picture = cv2.medianBlur(picture, params.median)
    if params.bilateral > 1:
        picture = cv2.bilateralFilter(picture, params.bilateral, _BILATERAL_COLOUR, params.bilateral / 3)
    if params.gaussian > 1:
        picture = cv2.GaussianBlur(picture, (params.gaussian, params.gaussian), 0)
    return picture


def encode(picture: np.ndarray, quality: int) -> bytes:
    """The picture as JPEG; the same pixels give the same bytes."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done  # fails only on shapes that are no picture
    return data.tobytes()
