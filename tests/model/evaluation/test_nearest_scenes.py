"""The test scenes nearest to training are found, drawn and told."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
import tiny

from weldspot.images.dataset import Images
from weldspot.model.evaluation import nearest_scenes
from weldspot.model.evaluation.nearest_scenes import Pair, nearest, sentence, whole, within_scenes


@pytest.fixture
def images() -> Images:
    return tiny.images(6)


def test_each_test_scene_has_its_nearest_training_photograph_nearest_first() -> None:
    test = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 2]], np.float16)
    train = np.array([[0, 1, 0], [3, 3, 0], [0, 1, 5]], np.float16)
    found = nearest(test, np.array(["a", "a", "b"]), train)
    assert [(pair.test, pair.train) for pair in found] == [(1, 1), (2, 2)]
    assert found[0].distance == pytest.approx(0, abs=1e-3)
    assert found[1].distance == pytest.approx(1 - 5 / np.sqrt(26), abs=1e-3)


def test_the_yardstick_is_how_near_photographs_of_one_scene_are() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [1, 1]], np.float16)
    assert within_scenes(vectors, np.array(["a", "a", "b", "c"])) == pytest.approx(0, abs=1e-3)
    assert within_scenes(vectors, np.array(["a", "c", "b", "a"])) == pytest.approx(1 - np.sqrt(0.5), abs=1e-3)
    assert within_scenes(vectors, np.array(["a", "b", "c", "d"])) is None


def test_crops_are_left_out_and_of_many_the_same_few_are_taken(images: Images) -> None:
    source_of = dict.fromkeys(images.ids, "export") | {images.ids[2]: "crop"}
    assert whole(images, source_of).tolist() == [0, 1, 3, 4, 5]
    few = whole(images, source_of, most=3)
    assert sorted(images.ids[i] for i in few) == sorted(i for i in images.ids if i != images.ids[2])[:3]


def test_a_row_a_scene_and_the_nearest_pairs_in_a_picture(tmp_path: Path, images: Images) -> None:
    pairs = [Pair(0, 1, 0.01), Pair(3, 2, 0.25)]
    names = {image_id: f"{number} ü.jpg" for number, image_id in enumerate(images.ids)}
    nearest_scenes.write(tmp_path, pairs, images, images, names)
    rows = list(csv.DictReader((tmp_path / "nearest_scenes.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["distance"], row["test_name"], row["train_name"]) for row in rows] == [
        ("0.0100", "0 ü.jpg", "1 ü.jpg"),
        ("0.2500", "3 ü.jpg", "2 ü.jpg"),
    ]
    assert rows[0]["test_scene"] == images.groups[0]
    picture = cv2.imread(str(tmp_path / "nearest_scenes.png"))
    assert picture.std() > 10
    nearest_scenes.write(tmp_path, [], images, images, names)


def test_the_sentence_has_what_was_compared_and_says_when_nothing_could_be() -> None:
    told = sentence([Pair(0, 0, 0.1), Pair(1, 0, 0.2), Pair(2, 0, 0.6)], 40, 0.05)
    assert told == (
        "from a test scene to the nearest of 40 training photographs it is 0.200 in the median, 0.100 at least; "
        "two photographs of one scene are 0.050 apart"
    )
    assert "apart" not in sentence([Pair(0, 0, 0.1)], 4, None)
    assert sentence([], 0, None) == "no training photograph to hold test scenes against"
