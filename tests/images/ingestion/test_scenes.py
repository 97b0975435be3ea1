"""The groups of images by id, from places in any order."""

from collections.abc import Collection
from pathlib import Path

import exports
import numpy as np
import scenery

from weldspot.images.ingestion.merge import Found
from weldspot.images.ingestion.scenes import group_of
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.scenes.nearness.print_file import PrintFile

SECTION = exports.params(name="folder", path="none").ingest


def found(image: str, name: str, source: str = "export") -> Found:
    return Found(image, name, source, ("Good Welding",), (), (64, 64), "000000", 0, 1)


def grouped(folder: Path, rows: list[tuple[Found, int, int]], without: Collection[int] = ()) -> dict[str, str | None]:
    """Of (place, which scene its picture shows, age)."""
    prints = PrintFile(folder / "fingerprints")
    prints.path.unlink(missing_ok=True)
    prints.append(fingerprint(scenery.scene(scene, 64)) for _, scene, _ in rows)
    places, ages = [place for place, _, _ in rows], [age for _, _, age in rows]
    return group_of(places, prints, SECTION, ages, [k for k in range(len(rows)) if k not in without])


def test_groups_are_named_after_their_oldest_image_whatever_the_order_of_places(tmp_path: Path) -> None:
    rows = [
        (found("late", "feedback/x#000000", "feedback"), 1, 1),
        (found("b", "z.jpg"), 2, 0),
        (found("a", "y.jpg"), 1, 0),
        (found("b", "y_jpg.rf.1.jpg"), 2, 0),  # the same image by a name that is of y.jpg's scene
    ]
    once = grouped(tmp_path, rows)
    assert once["late"] == once["a"]
    assert set(once) == {"late", "a", "b"}
    for order in np.random.default_rng(0).permuted(np.tile(range(4), (5, 1)), axis=1):
        assert grouped(tmp_path, [rows[k] for k in order]) == once


def test_without_images_there_are_no_groups(tmp_path: Path) -> None:
    assert grouped(tmp_path, []) == {}


def test_a_place_that_does_not_count_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    rows = [(found("a", "y.jpg"), 1, 0), (found("b", "a first name.jpg"), 1, 0), (found("c", "z.jpg"), 2, 0)]
    assert grouped(tmp_path, rows, without=[1]) == grouped(tmp_path, [rows[0], rows[2]])
