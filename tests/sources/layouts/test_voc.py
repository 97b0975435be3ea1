"""Pascal VOC: an XML file for each image, which somebody else wrote."""

import exports
import pytest


def test_annotations_may_stand_in_a_folder_of_their_own(tmp_path):
    (_, beside), (_, apart) = (exports.read(tmp_path / "in.zip", make()) for make in (exports.voc, exports.voc_split))
    assert {item.name.split("/")[-1]: item.boxes for item in beside} == {
        item.name.split("/")[-1]: item.boxes for item in apart
    }


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "empty file"),
        (b"<annotation><object>", "not valid XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", "entities"),
        ("<!DOCTYPE a><annotation/>".encode("utf-16"), "entities"),
        (b"<?xml version='1.0' encoding='klingon'?><annotation/>", "not valid XML"),
        (exports.xml([("Crack", "left", 0, 5, 5)]), "xmin is 'left'"),
        (exports.xml([("Crack", "nan", 0, 5, 5)]), "not a number"),
    ],
)
def test_a_bad_annotation_rejects_its_image_only(tmp_path, xml, reason):
    files = exports.voc() | {"train/z.jpg": b"x", "train/z.xml": xml, "train/lone.xml": b"<a/>"}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"train/z.jpg", "train/lone.xml"}
    assert reason in rejected["train/z.jpg"]


def test_entities_that_would_grow_are_not_expanded(tmp_path):
    levels = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "ha">{levels}]><annotation><object><name>&a9;</name></object></annotation>'
    rejected = exports.rejected(tmp_path / "in.zip", exports.voc() | {"z.jpg": b"x", "z.xml": bomb.encode()})
    assert rejected == {"z.jpg": "annotation defines XML entities"}


@pytest.mark.parametrize(("size", "frame"), [((0, 96), None), (("wide", 96), None), ((48, 96), (48.0, 96.0))])
def test_boxes_are_measured_in_the_size_said_if_it_is_one(tmp_path, size, frame):
    files = {"a.jpg": b"x", "a.xml": exports.xml([("Crack", 1, 2, 3, 4)], size)}
    (record,) = exports.read(tmp_path / "in.zip", files)[1]
    assert record.frame == frame
