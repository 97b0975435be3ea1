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


def test_an_image_without_a_label_file_shows_nothing(tmp_path):
    _, items = exports.read(tmp_path / "in.zip", exports.yolo() | {"train/images/z.jpg": b"x"})
    assert next(item for item in items if item.name.endswith("z.jpg")).labels == ()


def test_a_confidence_behind_the_box_is_passed_over_and_names_may_be_a_mapping(tmp_path):
    files = {"data.yaml": b"names: {0: Crack, 4: Porosity}", "a.jpg": b"x", "a.txt": b"4 .5 .5 .2 .4 .99\n"}
    (record,) = exports.read(tmp_path / "in.zip", files)[1]
    assert record.labels == ("Porosity",)
    assert record.boxes[0][1:] == pytest.approx((0.4, 0.3, 0.6, 0.7))
