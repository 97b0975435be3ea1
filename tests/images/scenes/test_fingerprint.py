"""Copies are near however they are turned or lit, strangers are far."""

import cv2
import numpy as np
import scenery
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.fingerprint import distances, fingerprint, near_pairs, turned

THRESHOLD = 0.3  # as conf/config.yaml


def copy_of(picture: np.ndarray, turns: int, mirror: bool, gain: float, sigma: float, seed: int) -> np.ndarray:
    turned = np.rot90(picture[:, ::-1] if mirror else picture, turns)
    noise = np.random.default_rng(seed).normal(0, sigma, turned.shape)
    noisy = np.clip(gain * turned + noise, 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 70])[1], cv2.IMREAD_COLOR)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return min((d for _, _, d in near_pairs(np.stack([fingerprint(one), fingerprint(other)]), 2.0)), default=2.0)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(0, 3), st.booleans(), st.floats(0.8, 1.2), st.floats(0, 8), st.integers(0, 99)
)
def test_a_copy_is_found_and_a_stranger_is_not(seed, turns, mirror, gain, sigma, noise):
    picture = scenery.scene(seed)
    copy = copy_of(picture, turns, mirror, gain, sigma, noise)
    assert distance(picture, copy) < THRESHOLD / 3
    assert distance(copy, scenery.scene(seed + 1)) > THRESHOLD


def test_oblong_pictures_are_found_after_a_quarter_turn():
    picture = cv2.resize(scenery.scene(3), (240, 160))
    assert distance(picture, np.rot90(picture)) < THRESHOLD / 3


def test_plain_pictures_do_not_count_as_one_scene():
    rng = np.random.default_rng(0)
    walls = [np.clip(rng.normal(120, 4, (100, 100, 3)) + k, 0, 255).astype(np.uint8) for k in range(5)]
    prints = np.stack([fingerprint(wall) for wall in [*walls, np.zeros((50, 50, 3), np.uint8)]])
    assert not list(near_pairs(prints, THRESHOLD))
    assert np.isfinite(prints).all()


def test_pairs_do_not_depend_on_the_block_they_fall_in():
    prints = np.stack([fingerprint(scenery.scene(k, 64)) for k in range(40)])
    many = np.tile(prints, (16, 1))  # 640 rows: more than one block
    found = {(i, j) for i, j, _ in near_pairs(many, 0.01)}
    assert found == {(i, j) for i in range(640) for j in range(i + 1, 640) if i % 40 == j % 40}


def test_eight_turns_of_the_picture_are_the_turns_of_its_fingerprint() -> None:
    picture = scenery.scene(4, 64)
    found = [row[0] for row in turned(fingerprint(picture)[None])]
    wanted = [np.rot90(p, k) for p in (picture, picture[:, ::-1]) for k in range(4)]
    for one, other in zip(found, wanted, strict=True):
        assert np.allclose(one, fingerprint(np.ascontiguousarray(other)), atol=1e-3)


def test_distances_are_those_of_the_search():
    one, other = (np.stack([fingerprint(scenery.scene(k)) for k in seeds]) for seeds in ((0, 1), (2, 1, 3)))
    found = distances(one, other)
    pairs = {(i, j - 2): d for i, j, d in near_pairs(np.vstack([one, other]), 2.5) if i < 2 <= j}
    assert found.shape == (2, 3)
    for (i, j), distance in pairs.items():
        assert abs(found[i, j] - distance) < 1e-5
    assert len(pairs) == 6
