"""YOLO: lines of numbers, whose classes data.yaml names."""

import exports
import pytest


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1.5 .5 .5 .1 .1", "class number 1.5"),
        ("-1 .5 .5 .1 .1", "class number -1"),
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


def only(tmp_path, line: str) -> tuple[tuple[str, ...], tuple]:
    files = {"data.yaml": b"names: [Crack, Porosity]", "a.jpg": b"x", "a.txt": line.encode()}
    (record,) = exports.read(tmp_path / "in.zip", files)[1]
    return record.labels, (record.frame, *(tuple(round(side, 6) for side in box[1:]) for box in record.boxes))


def test_boxes_polygons_and_turned_boxes_may_stand_in_one_file(tmp_path):
    labels, (frame, *boxes) = only(
        tmp_path, "0 .5 .5 .2 .4\n1 .1 .2 .3 .2 .3 .6\r\n\n0 .5 .4 .6 .5 .5 .6 .4 .5\n1 .9 -.1 1.1 .1 .9 .3 .7 .1\n"
    )
    assert (labels, frame) == (("Crack", "Porosity", "Crack", "Porosity"), (1, 1))
    assert boxes == [(0.4, 0.3, 0.6, 0.7), (0.1, 0.2, 0.3, 0.6), (0.4, 0.4, 0.6, 0.6), (0.7, -0.1, 1.1, 0.3)]


@pytest.mark.parametrize("head", ["", "imagesource:GoogleEarth\ngsd:0.146\n"])
def test_roboflows_turned_boxes_have_corners_in_pixels_and_names(tmp_path, head):
    labels, found = only(tmp_path, head + "10 20 30 10 40 30 20 40 Porosity 0\n1.5 2 8 2 8 9 1.5 9 not fused 1\n")
    assert labels == ("Porosity", "not fused")
    assert found == (None, (10, 10, 40, 40), (1.5, 2, 8, 9))


def test_lines_of_both_kinds_in_one_file_are_told(tmp_path):
    files = exports.yolo(photos=exports.PHOTOS | exports.MORE) | {"train/images/z.jpg": b"x"}
    files["train/labels/z.txt"] = b"10 20 30 10 40 30 20 40 Porosity 0\n1 .5 .5 .1 .1"
    assert "some in fractions" in exports.rejected(tmp_path / "in.zip", files)["train/images/z.jpg"]


def test_a_number_without_a_name_is_an_unknown_class_and_leaves_the_others(tmp_path):
    labels, _ = only(tmp_path, "0 .5 .5 .2 .4\n7 .5 .5 .2 .4\n")
    assert labels == ("Crack", "class number 7 of the 2 in data.yaml")
