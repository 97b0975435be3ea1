"""What a column is, by its name."""

import pytest

from weldspot.sources.layouts.tables.columns import CENTRED, CORNERS, SIZED, columns


@pytest.mark.parametrize(
    "header", [[], ["path"], ["label"], ["path", "size"], ["filename", "region_shape_attributes", "label"]]
)
def test_what_is_no_table_of_images(header):
    assert columns(header) is None


def test_names_stand_as_they_are_written():
    found = columns(["Image Path", "Class-Name", "X_Min", "yMin", "xMax", "ymax", "Width", "height"])
    assert found is not None
    assert (found.path, found.labels) == ("Image Path", ("Class-Name",))
    assert (found.box, found.form, found.size) == (("X_Min", "yMin", "xMax", "ymax"), CORNERS, ("Width", "height"))


@pytest.mark.parametrize(
    ("names", "form"), [("x y w h", SIZED), ("cx cy w h", CENTRED), ("left top right bottom", CORNERS), ("", "")]
)
def test_the_form_of_a_box(names, form):
    found = columns(["path", "label", *names.split()])
    assert found is not None
    assert (found.form, found.box, found.problem) == (form, tuple(names.split()), "")


@pytest.mark.parametrize("names", ["x y", "x1 y1", "bbox", "x y width height", "xmin ymin xmax ymax x y w h"])
def test_a_box_that_is_not_beyond_doubt_is_a_problem(names):
    found = columns(["path", "label", *names.split()])
    assert found is not None
    assert not found.box
    assert "beyond doubt" in found.problem


def test_a_column_whose_name_has_lines_is_told_in_one() -> None:
    found = columns(["path", "label", "x\nmin"])
    assert found is not None
    assert found.problem.startswith("x min: not four columns")
