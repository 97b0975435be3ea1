"""Decoding, resizing and denoising."""

import cv2
import numpy as np
import pytest

from weldspot.config.sections.preprocess import Denoise
from weldspot.images import filters
from weldspot.runtime.errors import WeldspotError

OFF = {"median": 0, "gaussian": 0, "bilateral": 0}


@pytest.fixture
def noisy() -> np.ndarray:
    return np.random.default_rng(0).normal(128, 20, (64, 64, 3)).clip(0, 255).astype(np.uint8)


def gradient(width: int, height: int) -> np.ndarray:
    row = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.tile(row, (height, 1))[..., None], 3, axis=2)


@pytest.mark.parametrize(
    ("fit", "size", "expected"),
    [("stretch", (640, 320), (224, 224)), ("letterbox", (640, 320), (224, 112)), ("letterbox", (10, 9000), (1, 224))],
)
def test_fitted(fit, size, expected):
    assert filters.fitted(*size, 224, fit) == expected


@pytest.mark.parametrize(("side", "decoded"), [(255, 255), (256, 128), (512, 128), (1024, 128)])
def test_decoding_is_reduced_but_never_below_the_target(side, decoded):
    picture = filters.decode(filters.encode(gradient(side, side), 95), side, side, (128, 128))
    assert picture.shape == (decoded, decoded, 3)


def test_reduced_decoding_shows_the_same_picture():
    data = filters.encode(gradient(512, 512), 95)
    reduced = filters.resize(filters.decode(data, 512, 512, (100, 100)), (100, 100))
    whole = filters.resize(filters.decode(data, 1, 1, (1, 1)), (100, 100))
    assert np.abs(reduced.astype(int) - whole).max() <= 3


def test_a_narrow_picture_is_not_reduced_below_its_narrow_side():
    assert filters.decode(filters.encode(gradient(800, 130), 95), 800, 130, (100, 100)).shape == (130, 800, 3)


@pytest.mark.parametrize("data", [b"", b"<html>"])
def test_bytes_that_are_no_picture_are_named(data):
    with pytest.raises(WeldspotError, match=r"a\.jpg"):
        filters.decode(data, 10, 10, (10, 10), "a.jpg")


def test_letterbox_keeps_the_picture_in_the_middle():
    padded = filters.pad(np.full((20, 64, 3), 200, np.uint8), 64)
    assert padded.shape == (64, 64, 3)
    assert (padded[22:42] == 200).all()
    assert (padded[:22] == padded[0, 0]).all()
    assert (padded[42:] == padded[0, 0]).all()


def test_no_filter_is_the_identity(noisy):
    assert filters.denoise(noisy, Denoise(**OFF)) is noisy


@pytest.mark.parametrize("name", list(OFF))
def test_each_filter_takes_noise_away_and_more_when_wider(noisy, name):
    before = noisy.copy()
    narrow, wide = (filters.denoise(noisy, Denoise(**(OFF | {name: width}))).std() for width in (3, 7))
    assert noisy.std() > narrow > wide
    assert (noisy == before).all()


def test_the_median_removes_a_lone_spot_that_the_gaussian_spreads():
    spot = np.full((21, 21, 3), 100, np.uint8)
    spot[10, 10] = 255
    assert (filters.denoise(spot, Denoise(**(OFF | {"median": 3}))) == 100).all()
    assert (filters.denoise(spot, Denoise(**(OFF | {"gaussian": 3}))) != 100).sum() > 3


def test_encoding_repeats_itself(noisy):
    assert filters.encode(noisy, 90) == filters.encode(noisy.copy(), 90)
    assert len(filters.encode(noisy, 60)) < len(filters.encode(noisy, 95))
    assert cv2.imdecode(np.frombuffer(filters.encode(noisy, 90), np.uint8), 1).shape == noisy.shape
