"""One photograph as the network sees it, for the graph and for the drift gate alike."""

from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import filters, quality
from weldspot.images.quality import QualityStatistics


def preprocess_image(
    data: bytes, width: int, height: int, section: Preprocess, name: str = "image"
) -> tuple[bytes, QualityStatistics]:
    """The picture at the network's size as JPEG, and its statistics.

    The statistics are those of the camera: taken after resizing, before denoising and padding.

    Args:
        data: Encoded bytes that decode to width × height pixels.
        width: Of the full picture.
        height: Of the full picture.
        section: Size, fit, filters and JPEG quality.
        name: What an error calls the picture.

    Raises:
        WeldspotError: the bytes are no picture.
    """
    target = filters.fitted(width, height, section.size, section.fit)
    picture = filters.resize(filters.decode(data, width, height, target, name), target)
    statistics = quality.statistics(picture, width, height)
    picture = filters.pad(filters.denoise(picture, section.denoise), section.size)
    return filters.encode(picture, section.jpeg_quality), statistics
