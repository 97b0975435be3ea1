"""One photograph as the network sees it, for the graph and for the drift gate alike."""

from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import filters, quality


def image(data: bytes, width: int, height: int, params: Preprocess, name: str = "image") -> tuple[bytes, dict]:
    """The encoded image at params.size, and its statistics, of encoded bytes that decode to width×height.

    The statistics are those of the camera: taken after resizing, before denoising and padding.
    """
    target = filters.fitted(width, height, params.size, params.fit)
    picture = filters.resize(filters.decode(data, width, height, target, name), target)
    statistics = quality.statistics(picture, width, height)
    picture = filters.pad(filters.denoise(picture, params.denoise), params.size)
    return filters.encode(picture, params.jpeg_quality), statistics
