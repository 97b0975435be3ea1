"""Where did the model look?"""

from pathlib import Path

import cv2
import numpy as np
import tiny

from weldspot.labels import CLASSES
from weldspot.model.evaluation import heatmaps


def test_the_surest_hits_come_first_and_then_the_worst_mistakes() -> None:
    test = tiny.images(14)  # two of each class
    probabilities = np.where(test.labels == 1, 0.8, 0.1)
    probabilities[0, 0] = 0.05  # Background, missed
    probabilities[1, 2] = 0.95  # Bad Welding called Crack
    probabilities[9, 2] = 0.99  # the surest Crack
    maps = np.arange(14, dtype=np.float32)[:, None, None, None] * np.ones((14, 2, 2, 7), np.float32) / 14
    found = heatmaps.tiles(test, probabilities, maps, np.full(7, 0.5))
    titles = [tile.title for tile in found]
    assert len([title for title in titles if title.startswith("hit")]) == 13
    assert titles.index("hit: Crack 0.99\nis Crack") < titles.index("hit: Crack 0.80\nis Crack")
    assert titles[-2:] == ["missed: Background 0.05\nis Background", "false alarm: Crack 0.95\nis Bad Welding"]
    np.testing.assert_array_equal(found[-1].image, test.decode(np.array([1]))[0])
    np.testing.assert_array_equal(found[-1].heat, maps[1, :, :, CLASSES.index("Crack")])


def test_the_sheet_has_a_row_for_six_tiles(tmp_path: Path) -> None:
    test = tiny.images(7)
    shown = [heatmaps.Tile(test.decode(np.array([i]))[0], np.full((2, 2), i / 7), f"tile {i}") for i in range(7)]
    for count in (0, 6, 7):
        heatmaps.write_heatmaps(tmp_path / f"{count}.png", shown[:count])
    heights = {}
    for count in (0, 6, 7):
        picture = cv2.imread(str(tmp_path / f"{count}.png"))
        assert picture is not None
        heights[count] = picture.shape[0]
    assert heights[7] > 1.8 * max(heights[0], heights[6])  # two rows of pictures
