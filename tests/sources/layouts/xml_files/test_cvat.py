"""CVAT: shapes of all kinds, subsets, and what is no list of images."""

from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.xml_files import cvat
from weldspot.sources.record import Record, Rejected

PICTURES = {"images/a.jpg": b"x", "images/b.jpg": b"x"}
A = "images/a.jpg"


def document(*shapes: str, name: str = "a.jpg", more: str = "") -> bytes:
    image = f'<image id="0" name="{name}" width="40" height="30">{"".join(shapes)}</image>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>{image}{more}</annotations>'.encode()


def read(path: Path, data: bytes) -> tuple[Survey, dict[str, Record | Rejected]]:
    return survey(path, cvat, PICTURES | {"annotations.xml": data})


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ('<box label="Crack" xtl="1" ytl="2" xbr="3" ybr="4"/>', (1, 2, 3, 4)),
        ('<box label="Crack" xtl="1" ytl="2" xbr="3" ybr="4"><attribute name="x">y</attribute></box>', (1, 2, 3, 4)),
        ('<box label="Crack" xtl="0" ytl="4" xbr="10" ybr="6" rotation="90"/>', (4, 0, 6, 10)),
        ('<polygon label="Crack" points="1.5,2;9,3;5,12"/>', (1.5, 2, 9, 12)),
        ('<polyline label="Crack" points="1,2;9,3"/>', (1, 2, 9, 3)),
        ('<mask label="Crack" rle="0, 12" left="5" top="6" width="3" height="4"/>', (5, 6, 8, 10)),
        ('<ellipse label="Crack" cx="10" cy="20" rx="5" ry="2"/>', (5, 18, 15, 22)),
        (
            '<cuboid label="Crack" xtl1="5" ytl1="6" xbr1="9" ybr1="9" xtl2="7" ytl2="1" xbr2="11" ybr2="4"/>',
            (5, 1, 11, 9),
        ),
        ('<points label="Crack" points="1,2"/>', None),
        ('<tag label="Crack" source="manual"></tag>', None),
        ('<skeleton label="Crack"><points label="1" points="3,4"/></skeleton>', None),
    ],
)
def test_each_shape_has_its_label_and_its_box(tmp_path: Path, shape: str, box: tuple | None) -> None:
    found = read(tmp_path, document(shape))[1][A]
    assert (found.name, found.labels, found.frame) == (A, ("Crack",), (40, 30))
    assert [side for one in found.boxes for side in one[1:]] == pytest.approx(list(box or ()))


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ('<box label="Crack" xtl="1" ytl="2" xbr="3"/>', "a box whose ybr is 'None', which is not a number"),
        ('<box label="Crack" xtl="nan" ytl="2" xbr="3" ybr="4"/>', "a box whose xtl is 'nan'"),
        ('<polygon label="Crack" points=""/>', "a polygon"), ('<polygon label="Crack"/>', "a polygon"),
        ('<polygon label="Crack" points="1,2,3;4,5"/>', "a point that is not two numbers"),
        ('<mask label="Crack" left="5" top="6" width="-3" height="4"/>', "less than nothing"),
        ('<star label="Crack"/>', "a shape <star>, which is not read"),
    ],
)  # fmt: skip
def test_one_bad_shape_quarantines_its_image_alone(tmp_path: Path, shape: str, why: str) -> None:
    other = '<image id="1" name="b.jpg"><tag label="Porosity"/></image>'
    items = read(tmp_path, document('<tag label="Crack"/>', shape, more=other))[1]
    assert why in items[A].reason
    assert items["images/b.jpg"].labels == ("Porosity",)


def test_an_image_without_shapes_shows_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, document())[1][A] == Record(A, (), (), (40, 30))


def test_a_subset_is_a_folder_where_there_is_one(tmp_path: Path) -> None:
    rows = '<image id="1" name="a.jpg" subset="{}"><tag label="{}"/></image>'
    data = document(more=rows.format("train", "Crack") + rows.format("val", "Porosity"), name="c.jpg")
    files = {"images/train/a.jpg": b"x", "images/val/a.jpg": b"x", "annotations.xml": data}
    items = survey(tmp_path, cvat, files)[1]
    assert {name: item.labels for name, item in items.items()} == {
        "images/train/a.jpg": ("Crack",), "images/val/a.jpg": ("Porosity",)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (document()[:-20], "can't be read"),
        (document(more='<track id="0" label="Crack"><box frame="0"/></track>'), "CVAT for video"),
        (b'<!DOCTYPE x [<!ENTITY e "x">]>' + document().partition(b"?>\n")[2], "can't be read"),
    ],
)
def test_what_is_no_list_of_images_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    problem = read(tmp_path, data)[0].problem
    assert why in problem
    assert "\n" not in problem


def test_an_image_without_a_name_is_lost_by_its_number(tmp_path: Path) -> None:
    found = read(tmp_path, document('<tag label="Crack"/>', name=""))[0]
    assert found.orphans == {"annotations.xml: image 0": "listed without a name"}
