"""Boxes teach where."""

import dataclasses
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

from weldspot.images.dataset import Images
from weldspot.images.places.boxes import none
from weldspot.model.evaluation import pointing
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training.where import fit


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    with tiny.small_backbone():
        return classifier.build("mobilenet_025", None, 7)


def right(model: keras.Model, images: Images) -> float:
    maps = 1 / (1 + np.exp(-predict(model, images)[1]))
    found = pointing.mean(pointing.measured(images, maps), "pointing")
    assert found is not None
    return found


def test_maps_learn_where_and_the_answers_stay(model: keras.Model, tmp_path: Path) -> None:
    images, test = tiny.images(56), tiny.images(21, 9)
    logits = predict(model, test)[0]
    fit.fit(model, images, tiny.images(21, 5), tiny.training(box_steps=300), tmp_path)
    assert right(model, test) > 0.7
    np.testing.assert_array_equal(predict(model, test)[0], logits)


def test_it_is_the_same_each_time(model: keras.Model, tmp_path: Path) -> None:
    start, found = model.get_weights(), []
    for _ in range(2):
        model.set_weights(start)
        fit.fit(model, tiny.images(21), tiny.images(14, 1), tiny.training(box_steps=3), tmp_path)
        found.append(predict(model, tiny.images(5))[1])
    np.testing.assert_array_equal(*found)


def test_without_boxes_or_steps_maps_stay_what_they_are(model: keras.Model, tmp_path: Path) -> None:
    images, start = tiny.images(14), model.get_weights()
    nowhere = dataclasses.replace(images, boxes=none(14))
    fit.fit(model, nowhere, nowhere, tiny.training(box_steps=9), tmp_path)
    fit.fit(model, images, images, tiny.training(box_steps=0), tmp_path)
    fit.fit(model, dataclasses.replace(images, boxes=None), images, tiny.training(box_steps=9), tmp_path)
    for one, other in zip(start, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_class_without_a_box_keeps_its_class_map(model: keras.Model, tmp_path: Path) -> None:
    images = tiny.images(21)
    assert images.boxes is not None
    some = dataclasses.replace(images.boxes, classes=np.where(images.boxes.classes == 3, 2, images.boxes.classes))
    before = predict(model, images)[1]
    fit.fit(model, dataclasses.replace(images, boxes=some), images, tiny.training(box_steps=3), tmp_path)
    after = predict(model, images)[1]
    np.testing.assert_array_equal(after[..., [0, 3]], before[..., [0, 3]])
    assert (after[..., 2] != before[..., 2]).any()
