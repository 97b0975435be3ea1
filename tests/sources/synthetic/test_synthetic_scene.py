"""The rendered sample: the same everywhere, every class in it, and copies for the grouping to find."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from weld_classes import BACKGROUND, CLASSES

from weldspot.images.scenes.fingerprint import fingerprint, near_pairs
from weldspot.images.scenes.names import scene_name
from weldspot.sources.synthetic import Rendered, render
from weldspot.sources.synthetic.camera import Camera
from weldspot.sources.synthetic.scene import shot

SEED, COUNT, SIZE = 7, 60, 128


@pytest.fixture(scope="module")
def photos() -> list[Rendered]:
    return [render(SEED, index, SIZE) for index in range(COUNT)]


def test_same_arguments_same_photograph(photos: list[Rendered]) -> None:
    for index in (0, 17, 41):
        again = render(SEED, index, SIZE)
        assert np.array_equal(again.image, photos[index].image)
        assert (again.labels, again.boxes, again.name) == (
            photos[index].labels,
            photos[index].boxes,
            photos[index].name,
        )


def test_another_seed_other_photographs(photos: list[Rendered]) -> None:
    assert not np.array_equal(render(SEED + 1, 0, SIZE).image, photos[0].image)


def test_all_classes_about_balanced(photos: list[Rendered]) -> None:
    counts = Counter(label for photo in photos for label in photo.labels)
    assert set(counts) == set(CLASSES)
    assert min(counts.values()) >= COUNT * 80 // 600
    assert sum(len(photo.labels) > 1 for photo in photos) > COUNT // 5


def test_boxes_lie_inside_and_say_the_labels(photos: list[Rendered]) -> None:
    for photo in photos:
        assert photo.image.shape == (SIZE, SIZE, 3)
        assert photo.image.dtype == np.uint8
        assert {label for label, *_ in photo.boxes} == set(photo.labels)
        for _, left, top, right, bottom in photo.boxes:
            assert 0 <= left < right < SIZE
            assert 0 <= top < bottom < SIZE


def test_background_is_alone_and_the_whole_picture(photos: list[Rendered]) -> None:
    plain = [photo for photo in photos if BACKGROUND in photo.labels]
    assert plain
    assert all(photo.boxes == [(BACKGROUND, 0, 0, SIZE - 1, SIZE - 1)] for photo in plain)


def test_photographs_are_neither_black_nor_white(photos: list[Rendered]) -> None:
    means = np.array([photo.image.mean() for photo in photos])
    assert means.min() > 20
    assert means.max() < 225
    assert means.max() - means.min() > 60  # dark and bright ones


def test_copies_are_found_by_stem_or_by_fingerprint(photos: list[Rendered]) -> None:
    copies = [index for index in range(COUNT) if shot(SEED, index).copy]
    assert len(copies) == COUNT * 3 // 20
    prints = np.stack([fingerprint(photo.image) for photo in photos])
    close = {frozenset(pair[:2]) for pair in near_pairs(prints, 0.2)}
    stems = [scene_name(f"{photo.name}.jpg") for photo in photos]
    same_stem = 0
    for index in copies:
        original = next(i for i in range(COUNT) if shot(SEED, i).scene == shot(SEED, index).scene)
        assert original < index
        assert photos[original].labels == photos[index].labels
        assert frozenset((original, index)) in close
        same_stem += stems[original] == stems[index]
    assert 0.3 <= same_stem / len(copies) <= 0.7
    assert len(set(stems)) == COUNT - same_stem  # no two scenes share a name


def test_scenes_are_distinct(photos: list[Rendered]) -> None:
    prints = np.stack([fingerprint(photo.image) for photo in photos])
    strangers = [p for p in near_pairs(prints, 0.2) if shot(SEED, p[0]).scene != shot(SEED, p[1]).scene]
    assert not strangers


def test_a_copy_turns_its_boxes_along(photos: list[Rendered]) -> None:
    """Where a copy's box is, its picture shows what the original shows in its box: compare their mean greys."""
    compared = 0
    for index in (i for i in range(COUNT) if shot(SEED, i).copy):
        original = next(i for i in range(COUNT) if shot(SEED, i).scene == shot(SEED, index).scene)
        ours, theirs = (
            [p.image[t : b + 1, x : r + 1].mean() for _, x, t, r, b in p.boxes]
            for p in (photos[index], photos[original])
        )
        if len(ours) > 1:
            gain, offset = np.polyfit(theirs, ours, 1)
            assert np.allclose(np.polyval([gain, offset], theirs), ours, atol=6)
            compared += 1
    assert compared


def test_camera_can_be_replaced() -> None:
    camera = Camera.draw(np.random.default_rng(1))
    dark = render(SEED, 0, SIZE, replace(camera, exposure=0.2))
    bright = render(SEED, 0, SIZE, replace(camera, exposure=0.65))
    assert dark.labels == bright.labels
    assert dark.boxes == bright.boxes
    assert dark.image.mean() + 40 < bright.image.mean()
