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
    files = exports.voc() | {"train/z.jpg": b"x", "train/z.xml": xml, "train/lone.xml": b"<annotation/>"}
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


def objects(*parts: str, filename: str = "") -> bytes:
    inside = "".join(f"<object><name>Crack</name>{part}</object>" for part in parts)
    return f"<annotation><filename>{filename}</filename>{inside}</annotation>".encode()


def test_a_turned_box_becomes_the_upright_one_around_it(tmp_path):
    turned = "<robndbox><cx>50</cx><cy>40</cy><w>20</w><h>10</h><angle>1.5707963</angle></robndbox>"
    (record,) = exports.read(tmp_path / "in.zip", {"a.jpg": b"x", "a.xml": objects(turned)})[1]
    assert record.boxes[0][1:] == pytest.approx((45, 30, 55, 50), abs=1e-4)


BOX = "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox>"


def test_an_object_without_a_box_is_a_label_more_than_boxes(tmp_path):
    (record,) = exports.read(tmp_path / "in.zip", {"a.jpg": b"x", "a.xml": objects(BOX, "<polygon/>")})[1]
    assert (len(record.labels), len(record.boxes)) == (2, 1)


def test_a_photograph_beside_its_mask(tmp_path):
    files = exports.voc(exports.PHOTOS | exports.MORE)
    for index in range(15):
        files[f"train/more-{index:02d}.png"] = b"x"
        files[f"train/more-{index:02d}.xml"] = objects(filename=f"more-{index:02d}.jpg")
    assert exports.rejected(tmp_path / "in.zip", files) == {}
    assert len(exports.labels(tmp_path / "in.zip", files)) == 30
    assert "belongs to train/more-00.jpg" in exports.passed_over(tmp_path / "in.zip", files)["train/more-00.png"]


def test_a_photograph_and_its_mask_that_nobody_tells_apart(tmp_path):
    files = exports.voc(exports.PHOTOS | exports.MORE) | {"train/more-00.png": b"x"}
    assert set(exports.rejected(tmp_path / "in.zip", files)) == {"train/more-00.png", "train/more-00.jpg"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_entity_is_never_put_in_place_whatever_the_encoding(tmp_path, encoding):
    text = f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'Crack'>]>{objects(BOX).decode().replace('Crack', '&b;')}"
    files = exports.voc() | {"z.jpg": b"x", "z.xml": text.encode(encoding)}
    reason = exports.rejected(tmp_path / "in.zip", files)["z.jpg"]
    assert reason.startswith(("annotation defines XML entities", "annotation is not valid XML")), reason


def test_an_annotation_in_utf_16_is_recognised(tmp_path):
    xml = exports.xml([("Crack", 1, 1, 5, 5)]).decode().encode("utf-16")
    assert exports.labels(tmp_path / "in.zip", {"a.jpg": b"x", "a.xml": xml}) == {"a.jpg": {"Crack"}}
