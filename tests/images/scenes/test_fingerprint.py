import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.fingerprint import DIMENSIONS, fingerprint, groups, near_pairs, scene_name

THRESHOLD = 0.3  # as conf/config.yaml
GAP = 5


def scene(seed: int, side: int = 160) -> np.ndarray:
    """uint8[side,side,3]: blobs at several scales, as unlike another seed's as two photographs are."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side), 128, np.float32)
    for cells in (4, 8, 16, 32):
        picture += cv2.resize(rng.normal(0, 25, (cells, cells)).astype(np.float32), (side, side))
    return np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


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
    picture = scene(seed)
    copy = copy_of(picture, turns, mirror, gain, sigma, noise)
    assert distance(picture, copy) < THRESHOLD / 3
    assert distance(copy, scene(seed + 1)) > THRESHOLD


def test_oblong_pictures_are_found_after_a_quarter_turn():
    picture = cv2.resize(scene(3), (240, 160))
    assert distance(picture, np.rot90(picture)) < THRESHOLD / 3


def test_plain_pictures_do_not_count_as_one_scene():
    rng = np.random.default_rng(0)
    walls = [np.clip(rng.normal(120, 4, (100, 100, 3)) + k, 0, 255).astype(np.uint8) for k in range(5)]
    prints = np.stack([fingerprint(wall) for wall in [*walls, np.zeros((50, 50, 3), np.uint8)]])
    assert not list(near_pairs(prints, THRESHOLD))
    assert np.isfinite(prints).all()


def test_pairs_do_not_depend_on_the_block_they_fall_in():
    prints = np.stack([fingerprint(scene(k, 64)) for k in range(40)])
    many = np.tile(prints, (16, 1))  # 640 rows: more than one block
    found = {(i, j) for i, j, _ in near_pairs(many, 0.01)}
    assert found == {(i, j) for i in range(640) for j in range(i + 1, 640) if i % 40 == j % 40}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train/images_12_jpeg_jpg.rf.4d8fac27682897.jpg", "images_12"),
        ("valid/images_12_png.rf.aa.jpg", "images_12"),
        ("IMG_3620_block_0_0_png_jpg.rf.4d8fac27.jpg", "IMG_3620"),
        ("test\\IMG_3620_block_3_1.png", "IMG_3620"),
        ("train/image.jpg", None),
        ("100.jpg", None),
        ("a.rf.folder/100.jpg", None),
    ],
)
def test_scene_name(name, expected):
    assert scene_name(name) == expected


def unlike(n: int) -> np.ndarray:
    return np.eye(DIMENSIONS, dtype=np.float32)[[7 + 3 * k for k in range(n)]] * 0.1  # no two correlate


def test_groups_are_transitive_over_names_and_looks():
    names = [
        "train/a_jpg.rf.1.jpg",
        "test/a_jpg.rf.2.jpg",
        "b.jpg",
        "IMG_1_block_0_0.png",
        "IMG_1_block_0_1.png",
        "c.jpg",
    ]
    prints = unlike(6)
    prints[1] = prints[2] = fingerprint(scene(1))  # a's second copy looks like b
    prints[3] = fingerprint(scene(2))
    found = groups(names, prints, THRESHOLD, GAP)
    assert found[0] == found[1] == found[2]
    assert found[3] == found[4]
    assert len(set(found)) == 3


def test_frames_of_one_video_are_one_scene_only_when_close():
    names = [f"x_vid{number}_jpg.rf.a.jpg" for number in (10, 12, 14, 40)] + ["y_vid11_jpg.rf.a.jpg"]
    found = groups(names, unlike(5), THRESHOLD, GAP)
    assert found[0] == found[1] == found[2]
    assert len(set(found)) == 3
    assert len(set(groups(names, unlike(5), THRESHOLD, 0))) == 5


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)))
def test_groups_do_not_depend_on_the_order(order):
    names = [f"{'abc'[k % 3]}_jpg.rf.{k}.jpg" for k in range(6)] + ["p.jpg", "q.jpg"]
    prints = np.stack([fingerprint(scene(k)) for k in (0, 1, 2, 3, 4, 5, 5, 9)])
    straight = groups(names, prints, THRESHOLD, GAP)
    shuffled = groups([names[k] for k in order], prints[list(order)], THRESHOLD, GAP)
    assert (
        len(set(zip([straight[k] for k in order], shuffled, strict=True))) == len(set(straight)) == len(set(shuffled))
    )
    assert straight[5] == straight[6] != straight[7]


def test_an_image_at_the_end_renames_no_group():
    names, prints = ["b_jpg.rf.1.jpg", "c.jpg"], np.stack([fingerprint(scene(k)) for k in (0, 1)])
    joined = groups([*names, "a.jpg"], np.vstack([prints, prints[:1]]), THRESHOLD, GAP)
    assert joined == [*groups(names, prints, THRESHOLD, GAP), joined[0]]


def test_what_comes_later_joins_one_group_and_never_two():
    prints = np.stack([fingerprint(scene(k)) for k in (0, 1)])
    between = prints.sum(0, keepdims=True)
    between /= np.linalg.norm(between)
    threshold = float(1 - (between @ prints.T).min()) + 0.01  # near enough to both, which are not near each other
    assert float(prints[0] @ prints[1]) < 1 - threshold
    names = ["a.jpg", "b.jpg", "later.jpg", "copy of a.jpg"]
    together = np.vstack([prints, between, prints[:1]])
    assert len(set(groups(names, together, threshold, GAP))) == 1, "of one age it joins them"
    first, second, later, copy = groups(names, together, threshold, GAP, [0, 0, 1, 1])
    assert later is None
    assert first == copy != second
    assert [first, second] == groups(names[:2], prints, threshold, GAP)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.lists(st.integers(0, 8), max_size=8))
def test_old_groups_stay_as_they_were(old, new):
    names = [f"{k}.jpg" for k in range(len(old) + len(new))]
    prints = np.stack([fingerprint(scene(k)) for k in [*old, *new]])
    ages = [0] * len(old) + [1 + 2 * k // max(1, len(new)) for k in range(len(new))]
    found = groups(names, prints, THRESHOLD, GAP, ages)
    assert found[: len(old)] == groups(names[: len(old)], prints[: len(old)], THRESHOLD, GAP)


def test_nothing_gives_no_groups():
    assert groups([], np.zeros((0, DIMENSIONS), np.float32), THRESHOLD, GAP) == []
