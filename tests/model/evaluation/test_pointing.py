"""Maps held against boxes."""

import dataclasses

import numpy as np
import pytest
import tiny
from weld_classes import CLASSES

from weldspot.images.dataset import Images
from weldspot.images.places.boxes import none
from weldspot.model.evaluation import pointing

GRID = 8


def images() -> Images:
    """Two photographs of each class, with a box of the class in rows 8·class to 8·class + 12 of 64, all the width."""
    return tiny.images(14)


def peaks(rows: list[float]) -> np.ndarray:
    """Maps whose highest cell is in the middle of the picture's width, in this row for each photograph."""
    maps = np.full((14, GRID, GRID, 7), 0.1, np.float32)
    for index, row in enumerate(rows):
        maps[index, int(row), 4] = 0.9
    return maps


def test_a_peak_in_the_box_is_right_near_it_nearly_and_elsewhere_wrong() -> None:
    right = peaks(list(range(7)) * 2)
    found = pointing.measured(images(), right)
    assert list(found) == [name for name in CLASSES if name != "Background"]
    assert all(
        (row["pointing"], row["pointing_near"], row["images"], row["scenes"]) == (1, 1, 2, 2) for row in found.values()
    )
    off = pointing.measured(images(), peaks([(label + 2) % 8 for label in range(7)] * 2))
    assert (off["Crack"]["pointing"], off["Crack"]["pointing_near"]) == (0, 1)
    away = pointing.measured(images(), peaks([(label + 5) % 8 for label in range(7)] * 2))
    assert (away["Crack"]["pointing"], away["Crack"]["pointing_near"]) == (0, 0)


def test_those_who_look_at_nothing_stand_beside() -> None:
    found = pointing.measured(images(), peaks([0] * 14))
    centres = {name: row["centre"] for name, row in found.items()}
    assert centres["Excess Reinforcement"] == 1, "its box holds row 32 of 64"
    assert centres["Crack"] == 0
    assert found["Crack"]["chance"] == pytest.approx(12 / 64)


def test_a_perfect_map_is_all_energy_and_overlap() -> None:
    maps = np.zeros((14, 16, 16, 7), np.float32)
    for index in range(14):
        top = index % 7 * 2
        maps[index, top : top + 3, :, index % 7] = 1
    found = pointing.measured(images(), maps)
    assert [(row["energy"], row["iou"]) for row in found.values()] == [(1, 1)] * 6
    assert (pointing.mean(found, "iou"), pointing.mean(found, "pointing")) == (1, 1)
    everywhere = pointing.measured(images(), np.ones_like(maps))["Crack"]
    assert (everywhere["iou"], everywhere["energy"]) == (pytest.approx(12 / 64), pytest.approx(12 / 64))


def test_what_was_held_against_nothing_is_no_number_and_not_shown() -> None:
    nowhere = dataclasses.replace(images(), boxes=none(14))
    found = pointing.measured(nowhere, peaks([0] * 14))["Crack"]
    assert found["images"] == 0
    assert found["pointing"] is None
    assert not pointing.better_than_the_centre(found)
    assert pointing.mean({"Crack": found}, "pointing") is None
    assert pointing.measured(dataclasses.replace(nowhere, boxes=None), peaks([0] * 14))["Crack"]["images"] == 0


def test_only_what_beats_the_middle_is_shown() -> None:
    found = pointing.measured(images(), peaks(list(range(7)) * 2))
    assert pointing.better_than_the_centre(found["Crack"])
    assert not pointing.better_than_the_centre(found["Excess Reinforcement"]), "both are always right"


def test_an_outline_is_where_it_agrees_best_with_the_boxes() -> None:
    maps = np.zeros((14, 16, 16, 7), np.float32)
    for index in range(14):
        top = index % 7 * 2
        maps[index, ..., index % 7] = 1.0
        maps[index, top : top + 3, :, index % 7] = 3.0
        maps[index, top + 1, 5, index % 7] = 7.0
    levels = pointing.outline_levels(images(), maps)
    assert levels[0] is not None, "of all that has boxes"
    assert all(level is not None and 1 < level <= 3 for level in levels)
    assert pointing.outline_levels(dataclasses.replace(images(), boxes=none(14)), maps) == [None] * 7
