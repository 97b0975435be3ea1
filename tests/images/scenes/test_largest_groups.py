"""The largest scenes are drawn, the largest first."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from weldspot.images import table
from weldspot.images.scenes import largest_groups


@pytest.fixture
def preprocessed(tmp_path: Path) -> Path:
    """Fourteen plain pictures: id k is grey level 10 * k."""
    rows = [
        {"id": str(k), "image": cv2.imencode(".png", np.full((32, 32, 3), 10 * k, np.uint8))[1].tobytes(),
         "labels": [], "source": "export", "name": f"{k}.jpg", "group": "g", "age": 0,
         **dict.fromkeys(table.QUALITY, 0.0)}
        for k in range(14)
    ]  # fmt: skip
    table.write_shard(table.shard_path(tmp_path, 0), rows, table.PREPROCESSED)
    return tmp_path


def test_a_row_a_scene_the_largest_first_from_its_first_to_its_last(tmp_path: Path, preprocessed: Path) -> None:
    ids = [str(k) for k in range(14)]
    groups = ["alone", "pair", "pair", *["many"] * 11]
    largest_groups.write(tmp_path / "largest.jpg", preprocessed, ids, groups, [f"{k:02}ü.jpg" for k in range(14)])
    sheet = cv2.imread(str(tmp_path / "largest.jpg"), cv2.IMREAD_GRAYSCALE)
    row = sheet.shape[0] // 2
    first, last, second, third = (sheet[y, x] for y, x in ((80, 60), (80, -60), (row + 80, 60), (row + 80, 300)))
    assert abs(int(first) - 30) < 3
    assert abs(int(last) - 130) < 3
    assert abs(int(second) - 10) < 3
    assert third == 255, "a pair fills two places"


def test_where_each_is_alone_there_is_nothing_to_see(tmp_path: Path, preprocessed: Path) -> None:
    largest_groups.write(tmp_path / "largest.jpg", preprocessed, ["0", "1"], ["a", "b"], ["x", "y"])
    assert not (tmp_path / "largest.jpg").exists()
