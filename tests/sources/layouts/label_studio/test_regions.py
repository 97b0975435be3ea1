"""Regions of Label Studio's: percent of a picture that is not square, turned or not."""

import pytest
import writers

from weldspot.sources.layouts.label_studio.regions import Region, has_place, names, region

SIZE = {"original_width": 200, "original_height": 100}
RECT = {"x": 12.5, "y": 25, "width": 25, "height": 50, "rotation": 0, "rectanglelabels": ["Crack"]}


def corners(value: dict, about: dict | None = None) -> tuple[float, ...] | None:
    found = region(value, SIZE if about is None else about)
    assert found.labels == ("Crack",)
    return found.corners


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (0.125, 0.25, 0.375, 0.75)), ({"rotation": 90}, (-0.125, 0.25, 0.125, 0.75)),
        ({"rotation": 360}, (0.125, 0.25, 0.375, 0.75)), ({"x": "12.5"}, (0.125, 0.25, 0.375, 0.75)),
    ],
)  # fmt: skip
def test_a_rectangle_turns_about_its_top_left_corner(change: dict, expected: tuple) -> None:
    assert corners(RECT | change) == pytest.approx(expected)


def test_an_ellipse_and_a_polygon_and_a_point() -> None:
    ellipse = {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 90, "ellipselabels": ["Crack"]}
    assert corners(ellipse) == pytest.approx((0.45, 0.3, 0.55, 0.7))
    polygon = {"points": [[10, 20], [30, 25], [20, 60]], "closed": True, "polygonlabels": ["Crack"]}
    assert corners(polygon, {}) == pytest.approx((0.1, 0.2, 0.3, 0.6))
    vector = {"vertices": [{"x": 10, "y": 20}, {"x": 30, "y": 60}], "vectorlabels": ["Crack"]}
    assert corners(vector, {}) == pytest.approx((0.1, 0.2, 0.3, 0.6))
    assert corners({"x": 10, "y": 20, "width": 0.5, "keypointlabels": ["Crack"]}) is None


def test_a_brush_stroke() -> None:
    about = {"original_width": writers.WIDTH, "original_height": writers.HEIGHT}
    value = {"format": "rle", "rle": writers.stroke(("Crack", 48, 16, 72, 32)), "brushlabels": ["Crack"]}
    assert corners(value, about) == (0.5, 0.25, 0.75, 0.5)
    with pytest.raises(ValueError, match="a brush stroke, and the picture's size is not said"):
        region(value, {})


@pytest.mark.parametrize(
    ("change", "about", "why"),
    [
        ({"rectanglelabels": []}, SIZE, "without a label"), ({"width": -1}, SIZE, "less than nothing"),
        ({"x": None}, SIZE, "a region whose x is"), ({"rotation": 5}, {}, "a turned region, and the picture's size"),
        ({}, SIZE | {"image_rotation": 90}, "turned in Label Studio"), ({"rotation": "x"}, SIZE, "a rotation of 'x'"),
        ({"imageDataURL": "data:"}, SIZE, "a kind that is not read"),
    ],
)  # fmt: skip
def test_what_nobody_can_place_is_told(change: dict, about: dict, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        region(RECT | change, about)


def test_labels_and_places() -> None:
    assert names({"x": 1, "rectanglelabels": ["Crack ", "", 5]}) == ("Crack",)
    assert names({"choices": ["Crack"]}) == ()
    assert has_place(RECT)
    assert not has_place({"choices": ["Crack"]})
    assert region(RECT | {"rectanglelabels": ["Crack", "Pore"]}, SIZE) == Region(
        ("Crack", "Pore"), (0.125, 0.25, 0.375, 0.75), (200.0, 100.0)
    )
