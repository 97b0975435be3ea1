"""YOLO: lines of numbers, whose classes data.yaml names."""

import exports
import pytest


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("9 .5 .5 .1 .1", "class number 9"),
        ("1 .5 .5", "neither"),
        ("1 x .5 .5 .1", "not numbers"),
        ("1 .5 inf .5 .1", "not a number"),
    ],
)
def test_a_bad_line_rejects_its_image(tmp_path, line, reason):
    files = exports.yolo() | {"train/images/z.jpg": b"x", "train/labels/z.txt": line.encode()}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"train/images/z.jpg"}
    assert reason in rejected["train/images/z.jpg"]


def test_an_empty_label_file_says_that_nothing_is_there_and_none_says_nothing(tmp_path):
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE)
    files |= {"train/images/y.jpg": b"x", "train/labels/y.txt": b"\n", "train/images/z.jpg": b"x"}
    assert exports.labels(tmp_path / "in.zip", files)["y.jpg"] == set()
    assert exports.rejected(tmp_path / "in.zip", files) == {
        "train/images/z.jpg": "no annotation: no label file of the same name; "
        "write an empty one for an image that shows nothing"
    }


def test_a_confidence_behind_the_box_is_passed_over_and_names_may_be_a_mapping(tmp_path):
    files = {"data.yaml": b"names: {0: Crack, 4: Porosity}", "a.jpg": b"x", "a.txt": b"4 .5 .5 .2 .4 .99\n"}
    (record,) = exports.read(tmp_path / "in.zip", files)[1]
    assert record.labels == ("Porosity",)
    assert record.boxes[0][1:] == pytest.approx((0.4, 0.3, 0.6, 0.7))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", [".txt", ".TXT"])
@pytest.mark.parametrize(
    "folders", [("", ""), ("images/", "labels/"), ("Images/", "Labels/"), ("images/train/", "labels/train/")]
)
def test_label_files_in_any_unicode_case_and_place(tmp_path, encoding, suffix, folders):
    files = {"data.yaml": b"names: [Crack, Porosity]", "train.txt": b"./images/a.jpg\n", "classes.txt": b"Crack\n"}
    files |= {f"{folders[0]}a.jpg": b"x", f"{folders[1]}a{suffix}": "1 .5 .5 .2 .2\r\n".encode(encoding)}
    assert exports.labels(tmp_path / "in.zip", files) == {"a.jpg": {"Porosity"}}
    assert {"train.txt", "classes.txt"} == set(exports.passed_over(tmp_path / "in.zip", files))


def test_label_files_that_belong_to_no_image_are_told(tmp_path):
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE) | {"train/labels/ghost.txt": b"1 .5 .5 .1 .1"}
    assert exports.rejected(tmp_path / "in.zip", files) == {
        "train/labels/ghost.txt": "a label file without an image of the same name"
    }


def test_captions_beside_images_are_no_labels(tmp_path):
    files = {
        f"{kind}/{i}{end}": b"a weld" for kind in ("Crack", "Porosity") for i in range(3) for end in (".jpg", ".txt")
    }
    assert exports.read(tmp_path / "in.zip", files)[0] == "class_folders"


def test_boxes_in_pixels_are_not_taken_for_fractions(tmp_path):
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE)
    files |= {"train/images/z.jpg": b"x", "train/labels/z.txt": b"1 48 48 10 10"}
    assert "not a fraction" in exports.rejected(tmp_path / "in.zip", files)["train/images/z.jpg"]
