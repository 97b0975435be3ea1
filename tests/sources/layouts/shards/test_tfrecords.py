"""Records that were taken apart: classes, boxes, and what is missing."""

import exports
import pytest
import table_writers as made
import writers
from exports import refused

from weldspot.sources.record import Record, Rejected

PHOTOS = writers.photos(12)
SIDES = [f"image/object/bbox/{side}" for side in ("xmin", "ymin", "xmax", "ymax")]


def shard(*changed: dict[str, list[object]]) -> dict[str, bytes]:
    """Twelve records, of which the first ones have other features."""
    records = [made.record(name, boxes) for name, boxes in PHOTOS.items()]
    for index, features in enumerate(changed):
        name = list(PHOTOS)[index]
        records[index] = made.example(
            {"image/encoded": [writers.picture(name)], "image/filename": [name.encode()], **features}
        )
    return {"welds.tfrecord": made.framed(records)}


def rejected(tmp_path, files: dict[str, bytes]) -> list[Rejected]:
    return [item for item in exports.read(tmp_path / "in.zip", files)[1] if isinstance(item, Rejected)]


def whole(**features: list[object]) -> dict[str, bytes]:
    given = {key.replace("__", "/"): value for key, value in features.items()}
    return shard(*[given] * 12)


def test_a_class_of_the_whole_image(tmp_path):
    layout, items = exports.read(tmp_path / "in.zip", whole(image__class__text=[b"crack"], image__class__label=[3]))
    assert layout == "tfrecord"
    assert {item.labels for item in items if isinstance(item, Record)} == {("crack",)}


def test_numbers_without_a_label_map_are_refused(tmp_path):
    files = whole(image__class__label=[1])
    assert "welds.tfrecord have classes by number alone, and no .pbtxt names them" in refused(tmp_path, files)
    items = exports.read(tmp_path / "in.zip", files | {"map.pbtxt": made.LABEL_MAP})[1]
    assert {item.labels for item in items if isinstance(item, Record)} == {(writers.NAMES[0],)}


def test_records_without_any_class_are_refused_naming_what_they_have(tmp_path):
    said = refused(tmp_path, whole(image__caption=[b"a weld"]))
    assert "neither image/object/class/text nor image/class/text, but image/caption, image/filename" in said


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ({"image/object/class/text": [b"Crack"], "image/object/bbox/xmin": [0.1]}, "a class and four sides"),
        ({"image/class/text": [b"Crack"], "image/class/label": [1]}, "calls class 1 'Crack', the label map 'Bad Weld"),
        ({"image/caption": [b"x"]}, "has no class"),
        (
            {"image/object/class/text": [b"Crack"]} | {side: [12.0] for side in SIDES},
            "a coordinate of 12: not a fraction",
        ),
        (
            {"image/object/class/text": [b"Crack"]} | {side: [float("nan")] for side in SIDES},
            "a coordinate of nan",
        ),
    ],
)  # fmt: skip
def test_a_bad_record_rejects_its_image_alone(tmp_path, features, reason):
    (item,) = rejected(tmp_path, shard(features) | {"map.pbtxt": made.LABEL_MAP})
    assert item.name.endswith("/weld 000.jpg")
    assert reason in item.reason


def test_a_number_out_of_the_map_is_a_class_that_nobody_knows(tmp_path):
    items = exports.read(tmp_path / "in.zip", shard({"image/class/label": [99]}) | {"map.pbtxt": made.LABEL_MAP})[1]
    assert ("class number 99 of the 6 in the label map",) in {i.labels for i in items if isinstance(i, Record)}


def test_a_record_with_a_wrong_checksum_is_told_and_the_others_are_read(tmp_path):
    records = [made.record(name, boxes) for name, boxes in PHOTOS.items()]
    data = bytearray(made.framed(records))
    data[len(made.framed(records[:3])) + 500] ^= 1
    (item,) = rejected(tmp_path, {"welds.tfrecord": bytes(data)})
    assert (item.name, item.reason) == ("welds.tfrecord/000003.tfexample", "record 3 is damaged (wrong CRC)")


def test_two_maps_that_differ_are_refused(tmp_path):
    other = made.LABEL_MAP.replace(b"Crack", b"Pore")
    said = refused(tmp_path, whole(image__class__label=[1]) | {"a.pbtxt": made.LABEL_MAP, "b.pbtxt": other})
    assert "a.pbtxt and b.pbtxt name other classes" in said
