"""What is written is read again, in blocks, by rows, and in another order."""

from pathlib import Path

import numpy as np
import pytest

from weldspot.images.scenes.fingerprint import DIMENSIONS
from weldspot.images.scenes.nearness import print_file
from weldspot.images.scenes.nearness.print_file import PrintFile


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(23, DIMENSIONS)).astype(np.float32)


def test_rows_are_read_as_they_were_written(tmp_path: Path, rows: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_file, "BLOCK", 10)
    file = PrintFile(tmp_path / "prints")
    for start in (0, 7, 14, 21):
        file.append(rows[start : start + 7])
    assert len(file) == 23
    assert [start for start, _ in file.blocks()] == [0, 10, 20]
    assert np.array_equal(np.concatenate([block for _, block in file.blocks()]), rows)
    assert np.array_equal(file.rows([22, 0, 0, 5]), rows[[22, 0, 0, 5]])
    assert np.array_equal(file.mapped(), rows)


def test_a_copy_has_the_rows_in_another_order_and_takes_the_place_of_an_older_one(
    tmp_path: Path, rows: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_file, "BLOCK", 10)
    file = PrintFile(tmp_path / "prints")
    file.append(rows)
    order = np.random.default_rng(1).permutation(23).tolist()
    for _ in range(2):
        assert np.array_equal(file.reordered(order, tmp_path / "copy").mapped(), rows[order])


def test_a_file_without_pictures_has_no_rows(tmp_path: Path) -> None:
    file = PrintFile(tmp_path / "prints")
    file.append([])
    assert len(file) == 0
    assert not list(file.blocks())
    assert file.mapped().shape == file.rows([]).shape == (0, DIMENSIONS)
    assert len(file.reordered([], tmp_path / "copy")) == 0
