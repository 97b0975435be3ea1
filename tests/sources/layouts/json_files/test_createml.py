"""CreateML: boxes by their centres."""

import json
from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.json_files import createml
from weldspot.sources.record import Record, Rejected

PICTURES = {"a.jpg": b"x", "b.jpg": b"x"}
PLACE = {"x": 10, "y": 20, "width": 4, "height": 6}


def read(path: Path, *entries: object) -> dict[str, Record | Rejected]:
    found, items = survey(path, createml, PICTURES | {"_annotations.createml.json": json.dumps(entries).encode()})
    assert found.problem == ""
    return items


def entry(*annotations: object, image: str = "a.jpg") -> dict:
    return {"image": image, "annotations": list(annotations)}


def test_a_box_is_around_its_centre(tmp_path: Path) -> None:
    items = read(tmp_path, entry({"label": "Crack", "coordinates": PLACE}), entry(image="b.jpg"))
    assert items == {"a.jpg": Record("a.jpg", ("Crack",), (("Crack", 8, 17, 12, 23),)), "b.jpg": Record("b.jpg")}


def test_the_older_names_of_its_keys(tmp_path: Path) -> None:
    old = {"imagefilename": "a.jpg", "annotation": [{"label": "Crack", "coordinates": PLACE}]}
    assert read(tmp_path, old)["a.jpg"].labels == ("Crack",)


@pytest.mark.parametrize(
    ("annotation", "why"),
    [
        ({"coordinates": PLACE}, "without a label"),
        ({"label": "Crack"}, "a box whose x is 'None'"), (5, "without a label"),
        ({"label": "Crack", "coordinates": PLACE | {"width": -1}}, "less than nothing"),
    ],
)  # fmt: skip
def test_one_bad_object_quarantines_its_image_alone(tmp_path: Path, annotation: object, why: str) -> None:
    items = read(tmp_path, entry(annotation), entry(image="b.jpg"))
    assert why in items["a.jpg"].reason
    assert items["b.jpg"] == Record("b.jpg")


@pytest.mark.parametrize("content", [{"image": "a.jpg", "annotations": []}, [5, {"image": "a.jpg", "annotations": []}]])
def test_what_is_no_list_of_images_is_refused_or_not_known(tmp_path: Path, content: object) -> None:
    found, items = survey(tmp_path, createml, PICTURES | {"x.json": json.dumps(content).encode()})
    assert items == {}
    assert found.problem in ("", "x.json can't be read (no list of images); export it again")


def test_an_image_without_a_name_is_lost(tmp_path: Path) -> None:
    data = json.dumps([{"image": "", "annotations": []}, entry()]).encode()
    assert "x.json: an image without a name" in survey(tmp_path, createml, PICTURES | {"x.json": data})[0].orphans
