"""Variants: each parameter does what it says, alone, and the same choice gives the same picture."""

import cv2
import numpy as np
import pytest

from weldspot.config.sections.augment import Augment, Noise
from weldspot.images.augmentations import augment, generator

OFF = {
    "variants": 3, "seed": 0, "rotation": 0.0, "quarter_turns": False, "zoom": 0.0, "flip_horizontal": 0.0,
    "flip_vertical": 0.0, "brightness": 0.0, "contrast": 0.0, "saturation": 0.0, "hue": 0.0, "blur_probability": 0.0,
    "blur_sigma": 1.5, "cutout_probability": 0.0, "cutout_fraction": 0.3, "jpeg_quality": 92,
}  # fmt: skip
SILENT = {"probability": 0.0, "gaussian": 12.0, "poisson": 1.0, "salt_pepper": 0.02}
ON = {"rotation": 20.0, "zoom": 0.2, "brightness": 0.3, "contrast": 0.3, "saturation": 0.5, "hue": 0.1}
SURE = {"quarter_turns": True, "flip_horizontal": 1.0, "flip_vertical": 1.0, "blur_probability": 1.0}
IDS = [f"{k:064x}" for k in range(20)]


def params(noise: dict[str, float] | None = None, **changes) -> Augment:
    return Augment(**(OFF | changes), noise=Noise(**(SILENT | (noise or {}))))


STANDARD = params({"probability": 1.0}, cutout_probability=0.5, **(ON | SURE))


@pytest.fixture
def picture() -> np.ndarray:
    coarse = np.random.default_rng(0).normal(128, 40, (12, 12, 3)).astype(np.float32)
    return cv2.resize(coarse, (96, 96), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)


def test_everything_off_is_the_identity(picture):
    assert (augment(picture, params(), IDS[0], 1) == picture).all()


@pytest.mark.parametrize("name", [*ON, *SURE, "cutout_probability"])
def test_each_parameter_alone_changes_the_picture_and_keeps_its_shape(picture, name):
    value = (ON | SURE | {"cutout_probability": 1.0})[name]
    changed = [augment(picture, params(**{name: value}), image, 1) for image in IDS]
    assert all(c.shape == picture.shape and c.dtype == np.uint8 for c in changed)
    assert any((c != picture).any() for c in changed)


@pytest.mark.parametrize("kind", ["gaussian", "poisson", "salt_pepper"])
def test_each_noise_alone(picture, kind):
    others = dict.fromkeys({"gaussian", "poisson", "salt_pepper"} - {kind}, 0.0)
    grey = np.full_like(picture, 128)
    found = augment(grey, params({"probability": 1.0} | others), IDS[0], 1)
    assert 0 < (found != grey).mean() <= 1
    assert abs(found.astype(float).mean() - 128) < 3
    if kind == "salt_pepper":
        assert set(np.unique(found)) == {0, 128, 255}
    silent = dict.fromkeys(("gaussian", "poisson", "salt_pepper"), 0.0)
    assert (augment(grey, params({"probability": 1.0} | silent), IDS[0], 1) == grey).all()


def test_the_same_choice_gives_the_same_picture_in_any_order(picture):
    jobs = [(image, variant) for image in IDS[:5] for variant in (1, 2, 3)]
    forth = {job: augment(picture, STANDARD, *job) for job in jobs}
    back = {job: augment(picture, STANDARD, *job) for job in reversed(jobs)}
    assert all((forth[job] == back[job]).all() for job in jobs)


def test_variants_images_and_seeds_differ(picture):
    base = augment(picture, STANDARD, IDS[0], 1)
    other_seed = STANDARD.model_copy(update={"seed": -1})
    keys = ((STANDARD, IDS[0], 2), (STANDARD, IDS[1], 1), (other_seed, IDS[0], 1))
    others = [augment(picture, *key) for key in keys]
    assert all((base != other).any() for other in others)


def test_the_picture_given_is_left_alone(picture):
    before = picture.copy()
    for image in IDS:
        augment(picture, STANDARD, image, 1)
    assert (picture == before).all()


def test_flips_and_quarter_turns_are_exact(picture):
    assert (augment(picture, params(flip_horizontal=1.0), IDS[0], 1) == picture[:, ::-1]).all()
    assert (augment(picture, params(flip_vertical=1.0), IDS[0], 1) == picture[::-1]).all()
    turns = [np.rot90(picture, k) for k in range(4)]
    found = [augment(picture, params(quarter_turns=True), image, 1) for image in IDS]
    hits = [[int((np.abs(f.astype(int) - t) <= 1).all()) for t in turns] for f in found]
    assert all(sum(h) == 1 for h in hits)
    assert np.sum(hits, 0).min() > 0  # each of the four came up


def test_one_parameter_leaves_the_others_choices_alone(picture):
    plain = augment(picture, params(rotation=20.0), IDS[0], 1)
    lit = augment(picture, params(rotation=20.0, brightness=0.3), IDS[0], 1)
    assert np.corrcoef(plain.ravel(), lit.ravel())[0, 1] > 0.98


def test_brightness_is_even_handed_and_within_its_range(picture):
    ratios = [augment(picture, params(brightness=0.25), f"{k:x}", 1).mean() / picture.mean() for k in range(200)]
    assert 0.74 < min(ratios) < 0.8
    assert 1.2 < max(ratios) < 1.26
    assert abs(np.mean(ratios) - 1) < 0.05


def test_hue_and_saturation_keep_grey_grey():
    grey = np.repeat(np.arange(0, 256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    found = augment(grey, params(hue=0.2, saturation=0.9), IDS[1], 1)
    assert np.abs(found.astype(int) - grey).max() <= 1


def test_generators_differ_in_every_part_of_their_key():
    keys = [(0, "aa", 1), (1, "aa", 1), (0, "ab", 1), (0, "aa", 2)]
    assert len({generator(*key).random() for key in keys}) == 4
