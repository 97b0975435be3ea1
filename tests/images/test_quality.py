"""The six statistics, against their definitions."""

import cv2
import numpy as np
import pytest

from weldspot.images.quality import QualityStatistics, statistics
from weldspot.images.table import QUALITY


@pytest.fixture
def picture() -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.normal(128, 40, (12, 12, 3)).astype(np.float32)
    return cv2.resize(coarse, (200, 150), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)


def test_the_columns_of_the_table(picture):
    assert QualityStatistics._fields == QUALITY
    assert statistics(picture, 400, 300).aspect == pytest.approx(4 / 3)


def test_against_the_definitions(picture):
    found = statistics(picture, 1, 1)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(float)
    blue, green, red = picture.astype(float).transpose(2, 0, 1)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread, mean = np.hypot(red_green.std(), yellow_blue.std()), np.hypot(red_green.mean(), yellow_blue.mean())
    assert found.brightness == pytest.approx(grey.mean())
    assert found.contrast == pytest.approx(grey.std())
    assert found.sharpness == pytest.approx(cv2.Laplacian(grey, cv2.CV_64F).var())
    assert found.colourfulness == pytest.approx(spread + 0.3 * mean)


def test_blurring_lowers_sharpness(picture):
    sharp, blurred = statistics(picture, 1, 1), statistics(cv2.GaussianBlur(picture, (0, 0), 20), 1, 1)
    assert blurred.sharpness < 0.8 * sharp.sharpness


def test_darkening_lowers_brightness_and_contrast(picture):
    light, dark = statistics(picture, 1, 1), statistics(picture // 2, 1, 1)
    assert dark.brightness == pytest.approx(light.brightness / 2, abs=1)
    assert dark.contrast < light.contrast


def test_grey_has_no_colour(picture):
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert statistics(grey, 1, 1).colourfulness == 0 < statistics(picture, 1, 1).colourfulness


@pytest.mark.parametrize("sigma", [4, 12])
def test_noise_is_measured_in_grey_levels(sigma):
    noise = np.random.default_rng(1).normal(0, sigma, (256, 256, 1))
    plain = np.repeat((128 + noise).round().astype(np.uint8), 3, axis=2)
    assert statistics(plain, 1, 1).noise == pytest.approx(sigma, rel=0.1)


def test_a_plain_picture_is_all_zeros_but_brightness():
    found = statistics(np.full((10, 10, 3), 77, np.uint8), 10, 10)
    assert found == QualityStatistics(brightness=77, contrast=0, sharpness=0, colourfulness=0, noise=0, aspect=1)
