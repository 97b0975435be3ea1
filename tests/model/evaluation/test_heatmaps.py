"""Where did the model look?"""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import tiny
from weld_classes import CLASSES

from weldspot.model.evaluation import heatmaps


def test_the_surest_hits_come_first_and_then_the_worst_mistakes() -> None:
    test = tiny.images(14)  # two of each class
    probabilities = np.where(test.labels == 1, 0.8, 0.1)
    probabilities[0, 0] = 0.05  # Background, missed
    probabilities[1, 2] = 0.95  # Bad Welding called Crack
    probabilities[9, 2] = 0.99  # the surest Crack
    maps = np.arange(14, dtype=np.float32)[:, None, None, None] * np.ones((14, 2, 2, 7), np.float32) / 14
    names = [f"clip_{i}.jpg" for i in range(14)]
    found = heatmaps.tiles(test, probabilities, maps, np.full(7, 0.5), names)
    titles = [tile.title for tile in found]
    assert len([title for title in titles if title.startswith("hit")]) == 13
    assert titles.index("hit: Crack 0.99\nlabelled Crack") < titles.index("hit: Crack 0.80\nlabelled Crack")
    assert titles[-1] == "missed: Background 0.05\nlabelled Background"
    assert found[-1].name == "clip_0.jpg"
    np.testing.assert_array_equal(found[-1].image, test.decode(np.array([0]))[0])
    np.testing.assert_array_equal(found[-1].heat, maps[0, :, :, 0])


def test_no_scene_is_shown_twice_not_for_another_class_nor_for_a_mistake() -> None:
    test = dataclasses.replace(tiny.images(28), groups=np.array([f"scene {i // 7}" for i in range(28)]))
    labels = test.labels.copy()
    labels[:, 1] = 1  # every photograph shows a second class
    probabilities = np.where(labels == 1, 0.9, 0.6)
    maps = np.zeros((28, 2, 2, 7), np.float32)
    test = dataclasses.replace(test, labels=labels)
    found = heatmaps.tiles(test, probabilities, maps, np.full(7, 0.5), test.groups.tolist())
    assert sorted(tile.name for tile in found) == [f"scene {i}" for i in range(4)]


def test_titles_and_names_keep_within_their_own_pair() -> None:
    title = heatmaps._wrapped("false alarm: Excess Reinforcement 0.97\nlabelled " + ", ".join(CLASSES))
    assert max(map(len, title.splitlines())) <= heatmaps._TITLE_WIDTH
    long = heatmaps._shortened("train/" + "x" * 80 + "_frame_17.jpg")
    assert (len(long), long[0], long.endswith("_frame_17.jpg")) == (heatmaps._NAME_WIDTH, "…", True)


def test_the_photograph_stands_beside_its_map_untouched(tmp_path: Path) -> None:
    blue = np.full((40, 40, 3), (10, 20, 240), np.uint8)
    heatmaps.write_heatmaps(
        tmp_path / "one.png", [heatmaps.Tile(blue, np.ones((2, 2), np.float32), "hit", "a.jpg", [])]
    )
    picture = cv2.imread(str(tmp_path / "one.png"))
    assert picture is not None
    share = (np.abs(picture.astype(int) - (240, 20, 10)).max(-1) < 8).mean()
    assert share > 0.05, "as it was taken"
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100, "and a scale of colours"


def test_the_sheet_has_a_row_for_three_pairs(tmp_path: Path) -> None:
    test = tiny.images(7)
    shown = [
        heatmaps.Tile(test.decode(np.array([i]))[0], np.full((2, 2), i / 7), f"tile {i}", f"{i}.jpg", [])
        for i in range(7)
    ]
    for count in (0, 3, 4):
        heatmaps.write_heatmaps(tmp_path / f"{count}.png", shown[:count])
    heights = {}
    for count in (0, 3, 4):
        picture = cv2.imread(str(tmp_path / f"{count}.png"))
        assert picture is not None
        heights[count] = picture.shape[0]
    assert heights[4] > 1.7 * max(heights[0], heights[3])  # two rows of pictures
