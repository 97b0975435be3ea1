"""Which cells of a map are inside."""

import cv2
import numpy as np
import pytest

from weldspot.config.sections.augment import Augment, Noise
from weldspot.images import augmentations, feed
from weldspot.images.places.boxes import UNMOVED, Boxes
from weldspot.images.places.cells import INSIDE, OUTSIDE, UNKNOWN, cells

SIDE, GRID = 96, (6, 6)
ALL = np.array([[1, 1]], np.uint8)


def boxes(*corners: tuple[float, float, float, float], placement: tuple[float, ...] = UNMOVED) -> Boxes:
    """Of one image, all of the first class."""
    return Boxes(
        np.array([0]), np.array([len(corners)]), np.zeros(len(corners), np.int32),
        np.array(corners, np.float32).reshape(-1, 4), np.array([placement], np.float32),
    )  # fmt: skip


def found(of: Boxes, labels: np.ndarray = ALL, turn: int | None = None) -> np.ndarray:
    turns = None if turn is None else np.array([turn])
    return cells(of, np.array([0]), labels, (SIDE, SIDE), GRID, turns)[0]


def test_a_cell_is_inside_by_its_middle_and_a_touched_one_is_unknown() -> None:
    cover = found(boxes((16, 16, 50, 40)))[..., 0]  # cells of 16 pixels: columns 1 and 2 whole, 3 by two pixels
    assert cover.tolist() == [
        [OUTSIDE] * 6,
        [OUTSIDE, INSIDE, INSIDE, UNKNOWN, OUTSIDE, OUTSIDE],
        [OUTSIDE, INSIDE, INSIDE, UNKNOWN, OUTSIDE, OUTSIDE],
        *[[OUTSIDE] * 6] * 3,
    ]


def test_what_is_smaller_than_a_cell_has_one_and_only_where_none_is_inside() -> None:
    assert np.argwhere(found(boxes((2, 50, 6, 54)))[..., 0] == INSIDE).tolist() == [[3, 0]]
    both = found(boxes((2, 50, 6, 54), (32, 32, 64, 64)))[..., 0]
    assert np.argwhere(both == INSIDE).tolist() == [[2, 2], [2, 3], [3, 2], [3, 3]]
    assert both[3, 0] == UNKNOWN


def test_a_label_without_a_box_may_be_anywhere_and_no_label_is_nowhere() -> None:
    assert (found(boxes((0, 0, 96, 96)))[..., 1] == UNKNOWN).all()
    assert (found(boxes((0, 0, 96, 96)), np.array([[1, 0]], np.uint8))[..., 1] == OUTSIDE).all()


def _drawn(box: tuple[int, int, int, int]) -> np.ndarray:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[box[1] : box[3], box[0] : box[2]] = 255
    return picture


def _agrees(cover: np.ndarray, picture: np.ndarray) -> None:
    share = cv2.resize(picture[..., 0], GRID, interpolation=cv2.INTER_AREA) / 255
    assert (share[cover == INSIDE] > 0.2).all()
    assert (share[cover == OUTSIDE] < 0.2).all()
    assert (cover == INSIDE).any()


@pytest.mark.parametrize("turn", range(8))
def test_boxes_turn_with_their_picture(turn: int) -> None:
    box = (8, 20, 40, 90)
    _agrees(found(boxes(box), turn=turn)[..., 0], feed.turned(_drawn(box), turn))


@pytest.mark.parametrize("variant", range(1, 13))
def test_boxes_move_with_the_pixels_of_a_variant(variant: int) -> None:
    section = Augment(
        variants=1, seed=0, rotation=20.0, quarter_turns=True, zoom=0.2, flip_horizontal=0.5, flip_vertical=0.5,
        brightness=0.0, contrast=0.0, saturation=0.0, hue=0.0, blur_probability=0.0, blur_sigma=1.0,
        cutout_probability=0.0, cutout_fraction=0.2, jpeg_quality=92,
        noise=Noise(probability=0.0, gaussian=0.0, poisson=0.0, salt_pepper=0.0),
    )  # fmt: skip
    box, name = (24, 30, 56, 70), "ab" * 32
    placement = augmentations.moved(SIDE, SIDE, section, name, variant).reshape(-1).tolist()
    _agrees(
        found(boxes(box, placement=tuple(placement)))[..., 0],
        augmentations.augment(_drawn(box), section, name, variant),
    )
