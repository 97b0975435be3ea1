"""VIA's shapes, and the attribute that is the class."""

import math

import pytest

from weldspot.sources.layouts.json_files import via_regions


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        (["defect"], "defect"), (["anything"], "anything"), (["severity", "Class"], "Class"),
        (["caption", "public_domain", "weld"], "weld"), ([], ""), (["caption"], ""),
        (["class_name", "size", "note"], "class_name"),
    ],
)  # fmt: skip
def test_the_attribute_is_the_only_one_or_the_one_that_is_called_so(filled: list[str], expected: str) -> None:
    assert via_regions.attribute(filled, "region") == expected


@pytest.mark.parametrize("filled", [["size", "colour"], ["name", "type"], ["class", "label", "x"]])
def test_which_of_several_is_not_guessed(filled: list[str]) -> None:
    with pytest.raises(via_regions.Unclear, match=r"each of the region attributes .* could be its class"):
        via_regions.attribute(filled, "region")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Crack ", ["Crack"]), ("", []), (None, []), ({"Crack": True, "Pore": False, "x": "yes"}, ["Crack"]),
        (3, ["3"]), (True, []), ([], []),
    ],
)  # fmt: skip
def test_what_an_attribute_says(value: object, expected: list[str]) -> None:
    assert via_regions.labels(value) == expected


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ({"name": "rect", "x": 1, "y": 2, "width": 3, "height": 4}, (1, 2, 4, 6)),
        ({"name": "circle", "cx": 10, "cy": 20, "r": 5}, (5, 15, 15, 25)),
        ({"name": "ellipse", "cx": 10, "cy": 20, "rx": 5, "ry": 2}, (5, 18, 15, 22)),
        ({"name": "ellipse", "cx": 10, "cy": 20, "rx": 5, "ry": 2, "theta": math.pi / 2}, (8, 15, 12, 25)),
        ({"name": "polygon", "all_points_x": [1, 5, 3], "all_points_y": [2, 2, 9]}, (1, 2, 5, 9)),
        ({"name": "polyline", "all_points_x": ["1", "5"], "all_points_y": [2, 3]}, (1, 2, 5, 3)),
        ({"name": "point", "cx": 1, "cy": 2}, None),
    ],
)
def test_each_shape_has_its_box(shape: dict, box: tuple | None) -> None:
    found = via_regions.corners(shape)
    assert found is None if box is None else found == pytest.approx(box)


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ({"name": "rect", "x": 1, "y": 2, "width": 3}, "a rect whose height is 'None'"),
        ({"name": "rect", "x": 1, "y": 2, "width": -3, "height": 1}, "less than nothing"),
        ({"name": "polygon", "all_points_x": [1, 5], "all_points_y": [2]}, "a polygon of 2 x and 1 y"),
        ({"name": "polygon"}, "no list of numbers"), ({"name": "star"}, "'star', which is not read"), ({}, "not read"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told(shape: dict, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        via_regions.corners(shape)
