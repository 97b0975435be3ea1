"""VIA: projects of its first two versions, classes of regions or of files."""

import json
from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.json_files import via
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.record import Record, Rejected

RECT = {"name": "rect", "x": 1, "y": 2, "width": 3, "height": 4}
PICTURES = {"a.jpg": b"x", "b.jpg": b"x"}
Items = dict[str, Record | Rejected]


def entry(name: str, *attributes: dict, **of_file: object) -> dict:
    regions = [{"shape_attributes": RECT, "region_attributes": found} for found in attributes]
    return {"filename": name, "size": 9, "regions": regions, "file_attributes": of_file}


def read(path: Path, *entries: dict) -> tuple[Survey, Items]:
    data = json.dumps({f"{e.get('filename')}9": e for e in entries}).encode()
    return survey(path, via, PICTURES | {"via.json": data})


def test_one_attribute_is_the_class(tmp_path: Path) -> None:
    found, items = read(
        tmp_path, entry("a.jpg", {"x": "Crack"}, {"x": {"Porosity": True, "Crack": True}}), entry("b.jpg")
    )
    assert found.problem == ""
    assert items["a.jpg"].labels == ("Crack", "Porosity", "Crack")
    assert items["a.jpg"].boxes[0] == ("Crack", 1, 2, 4, 6)
    assert items["b.jpg"] == Record("b.jpg")


def test_attributes_of_files_count_where_regions_have_none(tmp_path: Path) -> None:
    _, items = read(tmp_path, entry("a.jpg", weld="Crack", caption="x"), entry("b.jpg", weld={"Porosity": True}))
    assert [item.labels for item in items.values()] == [("Crack",), ("Porosity",)]


def test_a_region_without_its_class_quarantines_its_image_alone(tmp_path: Path) -> None:
    _, items = read(tmp_path, entry("a.jpg", {"class": ""}, {"class": "Crack"}), entry("b.jpg", {"class": "Crack"}))
    assert items["a.jpg"] == Rejected("a.jpg", "annotation has a region without a class")
    assert items["b.jpg"].labels == ("Crack",)


def test_several_attributes_are_refused_by_name(tmp_path: Path) -> None:
    found, _ = read(tmp_path, entry("a.jpg", {"size": "big", "colour": "red"}))
    assert found.problem == (
        "via.json: each of the region attributes colour, size could be its class; call one of them `class`"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"_via_img_metadata": {"a": {"regions": []}}}, "an entry has no filename"),
        ({"metadata": {}, "file": {}, "_via_x": 1}, "VIA 3"),
        ({"_via_img_metadata": {"a": 5}}, "an entry has no filename"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path: Path, content: object, why: str) -> None:
    assert why in survey(tmp_path, via, PICTURES | {"via.json": json.dumps(content).encode()})[0].problem


@pytest.mark.parametrize("regions", [None, 5, [5], [{"shape_attributes": 1, "region_attributes": {}}], {"0": None}])
def test_regions_that_are_none_quarantine_their_image(tmp_path: Path, regions: object) -> None:
    _, items = read(tmp_path, entry("a.jpg") | {"regions": regions}, entry("b.jpg", {"class": "Crack"}))
    assert items["a.jpg"].reason == "annotation has a region without its shape or attributes"


HEADER = "#filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"


@pytest.mark.parametrize("data", [b"filename,label\ra.jpg,Crack\r", b'"filename'])
def test_a_csv_that_is_none_is_no_table_of_via(tmp_path: Path, data: bytes) -> None:
    found, _ = survey(tmp_path, via, PICTURES | {"labels.csv": data})
    assert found.notes == {}


def line(name: str, count: int, shape: str = "", attributes: str = "{}") -> str:
    cells = [name, "9", "{}", str(count), "0", shape or json.dumps(RECT), attributes]
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_has_a_row_for_each_region(tmp_path: Path, newline: str) -> None:
    crack = json.dumps({"class": "Crack"})
    text = HEADER + line("a.jpg", 2, attributes=crack) * 2 + line("b.jpg", 0, "{}")
    items = survey(tmp_path, via, PICTURES | {"via.csv": text.replace("\n", newline).encode()})[1]
    assert items["a.jpg"].labels == ("Crack", "Crack")
    assert items["b.jpg"] == Record("b.jpg")


def test_rows_that_are_lost_are_counted(tmp_path: Path) -> None:
    crack = json.dumps({"class": "Crack"})
    text = HEADER + line("a.jpg", 3, attributes=crack) * 2 + line("b.jpg", 1, '{"name', crack)
    items = survey(tmp_path, via, PICTURES | {"via.csv": text.encode()})[1]
    assert items["a.jpg"].reason == "annotation has 2 regions, of 3 that it should have"
    assert "regions, of 1" in items["b.jpg"].reason or "not JSON" in items["b.jpg"].reason
    cut = survey(tmp_path, via, PICTURES | {"via.csv": (HEADER + "a.jpg,9").encode()})[0]
    assert "fewer columns" in cut.problem
