"""What most projects do: one image after the other with Pillow and NumPy, from bytes in memory to bytes in memory."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from weldspot.config.sections.augment import Augment
from weldspot.config.sections.preprocess import Preprocess


def preprocess(data: bytes, params: Preprocess) -> tuple[bytes, dict[str, float]]:
    """Decode, resize by area, median 3, Gaussian 3, the six statistics, encode."""
    picture = Image.open(BytesIO(data)).convert("RGB")
    width, height = picture.size
    picture = picture.resize((params.size, params.size), Image.Resampling.BOX)
    measured = _statistics(np.asarray(picture, np.float32), width / height)
    picture = picture.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.GaussianBlur(0.8))
    return _encoded(picture, params.jpeg_quality), measured


def _statistics(rgb: np.ndarray, aspect: float) -> dict[str, float]:
    grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    inner, left, right = grey[1:-1, 1:-1], grey[1:-1, :-2], grey[1:-1, 2:]
    up, down = grey[:-2, 1:-1], grey[2:, 1:-1]
    corners = grey[:-2, :-2] + grey[:-2, 2:] + grey[2:, :-2] + grey[2:, 2:]
    red_green, yellow_blue = rgb[..., 0] - rgb[..., 1], (rgb[..., 0] + rgb[..., 1]) / 2 - rgb[..., 2]
    return {
        "brightness": float(grey.mean()),
        "contrast": float(grey.std()),
        "sharpness": float((left + right + up + down - 4 * inner).var()),
        "colourfulness": float(
            np.hypot(red_green.std(), yellow_blue.std()) + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean())
        ),
        "noise": float(np.abs(corners - 2 * (left + right + up + down) + 4 * inner).mean() * np.sqrt(np.pi / 2) / 6),
        "aspect": aspect,
    }


def augment(data: bytes, params: Augment, rng: np.random.Generator) -> list[bytes]:
    """The variants: turned, flipped, recoloured, and each with its chance blurred, noised and cut out. (No hue.)"""
    picture = Image.open(BytesIO(data)).convert("RGB")
    return [_encoded(_variant(picture, params, rng), params.jpeg_quality) for _ in range(params.variants)]


def _variant(picture: Image.Image, params: Augment, rng: np.random.Generator) -> Image.Image:
    picture = picture.rotate(
        90 * int(rng.integers(4)) + rng.uniform(-1, 1) * params.rotation, Image.Resampling.BILINEAR
    )
    if rng.random() < params.flip_horizontal:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < params.flip_vertical:
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    picture = ImageEnhance.Brightness(picture).enhance(1 + rng.uniform(-1, 1) * params.brightness)
    picture = ImageEnhance.Contrast(picture).enhance(1 + rng.uniform(-1, 1) * params.contrast)
    picture = ImageEnhance.Color(picture).enhance(1 + rng.uniform(-1, 1) * params.saturation)
    if rng.random() < params.blur_probability:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1) * params.blur_sigma))
    pixels = np.array(picture)
    if rng.random() < params.noise.probability:
        pixels = _noisy(pixels, params, rng)
    if rng.random() < params.cutout_probability:
        side = round(len(pixels) * params.cutout_fraction * rng.uniform(0.5, 1))
        top, left = rng.integers(len(pixels) - side, size=2)
        pixels[top : top + side, left : left + side] = pixels.mean((0, 1))
    return Image.fromarray(pixels)


def _noisy(pixels: np.ndarray, params: Augment, rng: np.random.Generator) -> np.ndarray:
    kind = rng.integers(3)
    if kind == 0:
        return np.clip(pixels + rng.normal(0, params.noise.gaussian, pixels.shape), 0, 255).astype(np.uint8)
    if kind == 1:
        return np.clip(rng.poisson(pixels), 0, 255).astype(np.uint8)
    chance = rng.random(pixels.shape[:2])
    pixels[chance < params.noise.salt_pepper / 2] = 0
    pixels[chance > 1 - params.noise.salt_pepper / 2] = 255
    return pixels


def _encoded(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
