"""What one epoch is made of."""

from dataclasses import replace

import cv2
import numpy as np
import pyarrow as pa
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from weld_classes import WELD

from weldspot.images.dataset import Images
from weldspot.model.training.minibatches import Minibatches, thinned


def images(labels: list[int], variants: int) -> Images:
    """A class number an image, each with so many variants besides the original; pictures left out."""
    ids = [f"{i}" for i in range(len(labels)) for _ in range(variants + 1)]
    hot = np.eye(7, dtype=np.uint8)[np.repeat(labels, variants + 1)]
    numbers = np.tile(np.arange(variants + 1), len(labels))
    return Images(WELD, ids, numbers, hot, np.array(ids), pa.chunked_array([[b""] * len(ids)]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=80), st.integers(0, 3), st.integers(0, 9))
def test_an_epoch_has_every_photograph_once_and_no_flood_of_background(
    classes: list[int], variants: int, epoch: int
) -> None:
    table = images(classes, variants)
    chosen = Minibatches(table, 8, 0, epoch).chosen
    seen = [table.ids[row] for row in chosen]
    assert len(seen) == len(set(seen))
    counts = np.bincount(classes, minlength=7)
    others = counts[1:][counts[1:] > 0]
    expected = [min(counts[0], int(np.median(others))) if len(others) else counts[0], *counts[1:]]
    assert np.bincount([classes[int(i)] for i in seen], minlength=7).tolist() == expected


def test_a_clean_epoch_has_the_originals_alone_in_all_eight_positions() -> None:
    picture = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    encoded = cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes()
    table = images([1] * 80, 3)
    table = replace(table, encoded=pa.chunked_array([[encoded] * len(table)]))
    epoch = Minibatches(table, 80, 0, 1, clean=True)
    assert sorted(epoch.chosen) == np.flatnonzero(table.variants == 0).tolist()
    positions = {shown.tobytes() for shown in tiny.pairs(epoch)[0][0]}
    turned = [np.rot90(side, k).tobytes() for side in (picture, picture[:, ::-1]) for k in range(4)]
    assert positions == set(turned)
    others = tiny.pairs(Minibatches(table, 80, 0, 1))[0][0]
    assert {shown.tobytes() for shown in others} == {picture.tobytes()}


def test_the_epochs_differ_and_each_is_the_same_again() -> None:
    table = images([1] * 40, 3)
    first, again, other = (Minibatches(table, 8, 0, epoch).chosen for epoch in (1, 1, 2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_a_minibatch_is_pictures_and_labels_and_the_last_one_is_what_is_left() -> None:
    table = tiny.images(21)
    epoch = Minibatches(table, 8, 0, 1)
    parts = tiny.pairs(epoch)
    assert len(parts) == len(epoch)
    assert [len(labels) for _, labels in parts] == [8, 8, 5]
    pictures, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    assert (pictures.dtype, labels.dtype) == (np.uint8, np.float32)
    np.testing.assert_array_equal(pictures, table.decode(epoch.chosen))
    np.testing.assert_array_equal(labels, table.labels[epoch.chosen])


def test_the_last_of_too_much_background_goes_and_nothing_where_there_is_nothing_else() -> None:
    table = images([0, 1, 0, 2, 0, 1], 0)
    assert thinned(table, np.array([4, 0, 1, 3, 2, 5])).tolist() == [4, 1, 3, 5]  # one and a half of the others
    background = images([0, 0, 0], 0)
    assert thinned(background, np.array([2, 0, 1])).tolist() == [2, 0, 1]
