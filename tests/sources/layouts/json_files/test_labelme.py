"""LabelMe: one file an image, shapes of all kinds, flags, photographs that are embedded."""

import json
from pathlib import Path

import pytest
from surveyed import survey

from weldspot.sources.layouts.json_files import labelme
from weldspot.sources.record import Record, Rejected


def document(*shapes: dict, path: str = "a.jpg", **more: object) -> bytes:
    content = {"version": "5.0.1", "flags": {}, "shapes": list(shapes), "imagePath": path, "imageData": None}
    return json.dumps(content | {"imageHeight": 30, "imageWidth": 40} | more).encode()


def shape(kind: str | None, points: object, label: object = "Crack") -> dict:
    return {"label": label, "points": points, "shape_type": kind}


def read(path: Path, data: bytes, **more: bytes) -> Record | Rejected:
    return survey(path, labelme, {"a.jpg": b"x", "a.json": data})[1]["a.jpg"]


@pytest.mark.parametrize(
    ("kind", "points", "box"),
    [
        ("rectangle", [[30, 2], [4, 20]], (4, 2, 30, 20)), ("polygon", [[1, 2], [9, 3], [5, 12]], (1, 2, 9, 12)),
        (None, [[1, 2], [9, 3], [5, 12]], (1, 2, 9, 12)), ("circle", [[10, 10], [13, 14]], (5, 5, 15, 15)),
        ("linestrip", [[1, 2], [9, 3]], (1, 2, 9, 3)), ("line", [[1, 2], [9, 3]], (1, 2, 9, 3)),
        ("mask", [[1, 2], [9, 13]], (1, 2, 9, 13)), ("point", [[1, 2]], None), ("points", [[1, 2], [3, 4]], None),
    ],
)  # fmt: skip
def test_each_shape_has_its_box(tmp_path: Path, kind: str, points: object, box: tuple | None) -> None:
    boxes = (("Crack", *box),) if box else ()
    assert read(tmp_path, document(shape(kind, points))) == Record("a.jpg", ("Crack",), boxes, (40, 30))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (document(shape("polygon", [])), "without points"),
        (document(shape("polygon", [[1], [2]])), "two numbers"),
        (document(shape("circle", [[1, 2]])), "a circle that is not"), (document(shape("polygon", None)), "no list"),
        (document(shape("polygon", [[1, 2]], label="")), "without a label"), (document("x"), "without a label"),
        (document(shape("polygon", [[1, 2]], label=None)), "without a label"),
        (document()[:-9], "not whole JSON"), (b'{"shapes": [], "flags": "\xff"}', "not text"),
    ],
)  # fmt: skip
def test_what_is_bad_is_quarantined(tmp_path: Path, data: bytes, why: str) -> None:
    found = read(tmp_path, data)
    assert isinstance(found, Rejected)
    assert any(words in found.reason for words in why.split("|")), found.reason


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xff"])
def test_a_file_of_nothing_beside_others_is_no_image_without_objects(tmp_path: Path, data: bytes) -> None:
    files = {"a.jpg": b"x", "a.json": data, "b.jpg": b"x", "b.json": document(shape("point", [[1, 2]]), path="b.jpg")}
    items = survey(tmp_path, labelme, files)[1]
    assert items["a.jpg"].reason.startswith("annotation")
    assert items["b.jpg"].labels == ("Crack",)


def test_flags_are_classes_where_nothing_is_drawn(tmp_path: Path) -> None:
    files = {"a.jpg": b"x", "a.json": document(flags={"Crack": True, "Porosity": False})}
    assert survey(tmp_path, labelme, files)[1]["a.jpg"].labels == ("Crack",)
    files |= {"b.jpg": b"x", "b.json": document(shape("point", [[1, 2]], "Porosity"), path="b.jpg", flags={"ok": True})}
    items = survey(tmp_path, labelme, files)[1]
    assert [items[name].labels for name in ("a.jpg", "b.jpg")] == [(), ("Porosity",)]


@pytest.mark.parametrize("image", ["images/a.jpg", "images/Ä b.jpg"])
def test_the_path_in_it_counts_where_the_name_does_not(tmp_path: Path, image: str) -> None:
    last = image.rpartition("/")[2]
    for path in (f"C:\\welds\\{last}", f"../images/{last}", last):
        for data in (None, "A" * 100_000):
            note = document(shape("point", [[1, 2]]), path=path, imageData=data)
            items = survey(tmp_path, labelme, {image: b"x", "images/0001.json": note})[1]
            assert items[image].labels == ("Crack",)


def test_a_photograph_that_is_embedded_alone_is_told(tmp_path: Path) -> None:
    files = {"z.jpg": b"x", "a.json": document(imageData="AAAA"), "b.json": document(path="b.jpg")}
    orphans = survey(tmp_path, labelme, files)[0].orphans
    assert "embedded in it (imageData); save it as a file" in orphans["a.json"]
    assert "no image of its name" in orphans["b.json"]
