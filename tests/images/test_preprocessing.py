"""One photograph as the network sees it."""

import cv2
import numpy as np
import pytest

from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.images.preprocessing import preprocess_image
from weldspot.runtime.errors import WeldspotError


def section(fit: str = "stretch", median: int = 0) -> Preprocess:
    denoise = Denoise(median=median, gaussian=0, bilateral=0)
    return Preprocess.model_validate({"size": 64, "fit": fit, "denoise": denoise, "jpeg_quality": 90})


def test_letterbox_pads() -> None:
    data = cv2.imencode(".png", np.full((50, 200, 3), 255, np.uint8))[1].tobytes()
    encoded, statistics = preprocess_image(data, 200, 50, section("letterbox"))
    picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), 0)
    assert picture[32].min() > 250
    assert picture[2].max() < 130
    assert statistics.brightness == 255  # the padding does not count


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_the_picture_has_the_networks_size_and_statistics_are_taken_before_filters(fit: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    data = cv2.imencode(".png", noise)[1].tobytes()
    plain, filtered = (preprocess_image(data, 120, 90, section(fit, median)) for median in (0, 5))
    assert cv2.imdecode(np.frombuffer(plain[0], np.uint8), 1).shape == (64, 64, 3)
    assert plain[0] != filtered[0]
    assert plain[1] == filtered[1]
    assert plain[1].aspect == pytest.approx(4 / 3)


def test_bytes_that_are_no_picture_are_named() -> None:
    with pytest.raises(WeldspotError, match=r"^a\.jpg: can't be decoded"):
        preprocess_image(b"<html>", 10, 10, section(), "a.jpg")
