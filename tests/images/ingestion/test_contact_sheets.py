"""Two pictures of an ingest: what is in the table with its boxes, and what is not with the reason."""

from pathlib import Path

import exports
import numpy as np
import pytest
from PIL import Image
from weld_classes import LABELS, WELD

from weldspot.images.ingestion.contact_sheets import write
from weldspot.images.ingestion.merge import Found, merge
from weldspot.sources.record import Rejected

COLOURS = LABELS.palette()
GREY = np.full((100, 100, 3), 128, np.uint8)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch/000000").write_bytes(exports.jpeg(GREY))
    return tmp_path / "scratch"


def found(scratch: Path, number: int = 0) -> Found:
    box = ("Crack", 25.0, 25.0, 75.0, 75.0)
    length = (scratch / "000000").stat().st_size
    return Found(
        f"{number:04d}", f"Nähte/溶接 {number}.jpg", "export", ("Crack",), (box,), (100, 100), "000000", 0, length
    )


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def test_the_box_is_drawn_where_it_is(tmp_path: Path, scratch: Path) -> None:
    write(tmp_path, [merge([found(scratch)], WELD)], [], scratch, [], COLOURS)
    sheet = pixels(tmp_path / "ingested.jpg")
    coloured = np.argwhere(np.ptp(sheet[:260], axis=2) > 60) - 8  # of the 240 pixels of the photograph
    assert np.abs(coloured.min(0) - 60).max() <= 4
    assert np.abs(coloured.max(0) - 180).max() <= 4
    assert not (tmp_path / "quarantined.jpg").exists()


def test_a_quarantined_picture_is_shown_and_what_is_none_has_a_place(tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "in.zip").write_bytes(exports.zipped({"red.jpg": exports.jpeg(GREY * (1, 0, 0)), "broken.jpg": b"x"}))
    (tmp_path / "data").mkdir()
    (tmp_path / "data/blue.jpg").write_bytes(exports.jpeg(GREY * (0, 0, 1)))
    rejected = [
        Rejected(name, f"reason of {name}") for name in ("red.jpg", "broken.jpg", "blue.jpg", "../in.zip", "gone")
    ]
    write(tmp_path, [], rejected, scratch, [tmp_path / "in.zip", tmp_path / "absent.zip", tmp_path / "data"], COLOURS)
    sheet = pixels(tmp_path / "quarantined.jpg")
    places = [sheet[128, 8 + 120 + 248 * index] for index in range(5)]
    assert [int(np.argmax(place)) if np.ptp(place) > 60 else None for place in places] == [0, None, 2, None, None]
    assert not (tmp_path / "ingested.jpg").exists()


def test_every_kind_has_its_turn_on_one_sheet(tmp_path: Path, scratch: Path) -> None:
    rejected = [Rejected(f"{i}.jpg", "common") for i in range(500)] + [Rejected("rare.jpg", "rare")]
    write(tmp_path, [merge([found(scratch, i)], WELD) for i in range(100)], rejected, scratch, [], COLOURS)
    for name in ("ingested", "quarantined"):
        height, width, _ = pixels(tmp_path / f"{name}.jpg").shape
        assert (height // 292, width) == (6, 6 * 248 + 8)
