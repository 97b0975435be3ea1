"""COCO: ids of any kind, what has no box, and what can't be told."""

import json
from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.json_files import coco
from weldspot.sources.record import Record, Rejected

CATEGORIES = [{"id": 0, "name": "welds"}, {"id": 7, "name": "Crack"}, {"id": 31, "name": "Porosity"}]
IMAGES = [{"id": 5, "file_name": "a.jpg", "width": 40, "height": 30}, {"id": 2, "file_name": "b.jpg"}]
BOX = {"image_id": 5, "category_id": 7, "bbox": [1, 2, 3, 4]}
PICTURES = {"a.jpg": b"x", "b.jpg": b"x"}


def document(*annotations: dict, **more: object) -> bytes:
    return json.dumps({"categories": CATEGORIES, "images": IMAGES, "annotations": list(annotations)} | more).encode()


def read(path: Path, data: bytes) -> dict[str, Record | Rejected]:
    found, items = survey(path, coco, PICTURES | {"x.json": data})
    assert found.problem == ""
    return items


def test_classes_are_told_by_id_and_images_without_objects_show_nothing(tmp_path: Path) -> None:
    second = BOX | {"category_id": 31, "bbox": [5, 5, 2, 2], "iscrowd": 1}
    assert read(tmp_path, document(BOX, second)) == {
        "a.jpg": Record("a.jpg", ("Crack", "Porosity"), (("Crack", 1, 2, 4, 6), ("Porosity", 5, 5, 7, 7)), (40, 30)),
        "b.jpg": Record("b.jpg", (), ()),
    }


def test_no_annotations_at_all_are_annotations_of_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, document())["a.jpg"] == Record("a.jpg", (), (), (40, 30))


def test_annotations_may_come_first_and_ids_be_text(tmp_path: Path) -> None:
    data = {
        "annotations": [BOX | {"image_id": "5"}],
        "images": [{"id": "5", "file_name": "a.jpg"}],
        "categories": CATEGORIES,
    }
    assert read(tmp_path, json.dumps(data).encode())["a.jpg"].labels == ("Crack",)


@pytest.mark.parametrize("outline", [[], None])
def test_an_object_without_a_box_has_its_label_alone(tmp_path: Path, outline: object) -> None:
    found = read(tmp_path, document({"image_id": 5, "category_id": 7, "segmentation": outline}))
    assert found["a.jpg"] == Record("a.jpg", ("Crack",), (), (40, 30))


def test_several_polygons_are_one_object(tmp_path: Path) -> None:
    polygons = [[1, 2, 3, 2, 3, 9], [10, 10, 12, 10, 12, 14]]
    found = read(tmp_path, document({"image_id": 5, "category_id": 7, "segmentation": polygons}))
    assert found["a.jpg"].boxes == (("Crack", 1, 2, 12, 14),)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"bbox": [1, 2, -3, 4]}, "less than nothing"), ({"bbox": [1, 2, 3]}, "a bbox of 3 numbers"),
        ({"bbox": "1 2 3 4"}, "no list of numbers"), ({"category_id": 99}, "the category 99, which"),
        ({"category_id": None}, "without a category_id"), ({"bbox": [], "segmentation": [[1, 2, 3]]}, "not pairs"),
        ({"bbox": None, "segmentation": {"counts": [5], "size": [2, 2]}}, "a mask of 5 pixels, for 2 x 2"),
    ],
)  # fmt: skip
def test_one_bad_annotation_quarantines_its_image_alone(tmp_path: Path, change: dict, why: str) -> None:
    items = read(tmp_path, document(BOX, BOX | change, BOX | {"image_id": 2}))
    assert why in items["a.jpg"].reason
    assert items["b.jpg"].labels == ("Crack",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (document({"category_id": 7, "bbox": [1, 2, 3, 4]}), "an annotation has no image_id"),
        (document(BOX, categories=[]), "no `categories` name its classes"),
        (document(BOX, images=[*IMAGES, {"id": 5, "file_name": "c.jpg"}]), "the image id 5 is of a.jpg and of c.jpg"),
        (document(BOX, categories=[*CATEGORIES, {"id": 7, "name": "Pore"}]), "the category 7 is 'Crack' and 'Pore'"),
        (document(BOX, images=[*IMAGES, "c.jpg"]), "an element of `images` is 'c.jpg'"),
        (document(BOX, images=[{"file_name": "a.jpg"}]), "an element of `images` has no id"),
        (document(BOX)[:-30], "can't be read"),
    ],
)
def test_a_file_of_which_nobody_can_tell_what_it_says_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    problem = survey(tmp_path, coco, PICTURES | {"x.json": data})[0].problem
    assert problem.startswith("x.json")
    assert why in problem


def test_what_is_annotated_and_not_listed_is_lost_by_name(tmp_path: Path) -> None:
    unnamed = {"id": 9, "file_name": " "}
    data = document(BOX, BOX | {"image_id": 77}, images=[*IMAGES, unnamed])
    assert survey(tmp_path, coco, PICTURES | {"x.json": data})[0].orphans == {
        "x.json: image 77": "annotated, but not listed among the file's images",
        "x.json: image 9": "listed without a file_name",
    }


@pytest.mark.parametrize(
    "data",
    [
        document({"image_id": 5, "caption": "a weld"}),
        document({"image_id": 5, "segments_info": [], "file_name": "a.png"}),
        json.dumps({"images": IMAGES, "categories": CATEGORIES}).encode(),
    ],
)
def test_what_has_no_objects_is_passed_over(tmp_path: Path, data: bytes) -> None:
    found, items = survey(tmp_path, coco, PICTURES | {"captions.json": data})
    assert items == {}
    assert "COCO without objects" in found.passed["captions.json"]
