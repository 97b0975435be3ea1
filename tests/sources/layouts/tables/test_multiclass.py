"""Roboflow's multi-class CSV: a table in each folder."""

import unicodedata

import exports
import pytest

from weldspot.runtime.errors import WeldspotError


def test_images_and_rows_of_a_table_that_do_not_meet_are_rejected(tmp_path):
    files = exports.multiclass(exports.PHOTOS | exports.MORE)
    files["train/_classes.csv"] += b"ghost.jpg, 0, 1, 0, 0, 0, 0\nseam-x.jpg, 1\n"
    files |= {"train/seam-x.jpg": b"x", "train/unlisted.jpg": b"x"}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"train/ghost.jpg", "train/seam-x.jpg", "train/unlisted.jpg"}
    assert "6 classes" in rejected["train/seam-x.jpg"]


def test_two_rows_of_one_image_add_up_and_unlabeled_is_no_class(tmp_path):
    table = b"filename, Crack, Porosity, Unlabeled\na.jpg, 1, 0, 0\na.jpg, 0, 1, 0\nb.jpg, 0, 0, 1\n"
    _, items = exports.read(tmp_path / "in.zip", {"_classes.csv": table, "a.jpg": b"x", "b.jpg": b"x"})
    assert {item.name: item.labels for item in items} == {"a.jpg": ("Crack", "Porosity"), "b.jpg": ()}


def test_a_table_of_something_else_is_an_error_and_never_another_layout(tmp_path):
    files = {"Crack/_classes.csv": b"picture, Crack\n", "Crack/a.jpg": b"x", "Porosity/b.jpg": b"x"}
    with pytest.raises(WeldspotError, match=r"Crack/_classes\.csv: the table's first column is not `filename`"):
        exports.read(tmp_path / "in.zip", files)


@pytest.mark.parametrize("value", ["-1", "nan", "0.02", "inf", "2", "yes", ""])
def test_only_0_and_1_count(tmp_path, value):
    rows = "".join(f"{i}.jpg,1.0,0\n" for i in range(20))
    files = {f"{i}.jpg": b"x" for i in range(21)} | {
        "_classes.csv": f"filename,Crack,Porosity\n{rows}20.jpg,{value},1\n".encode()
    }
    assert exports.rejected(tmp_path / "in.zip", files) == {
        "20.jpg": "its row in _classes.csv is not a 0 or 1 for each of 2 classes"
    }
    assert exports.labels(tmp_path / "in.zip", files)["3.jpg"] == {"Crack"}, "1.0 is how spreadsheets write 1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_may_be_in_any_unicode_with_semicolons_above_the_images_and_in_another_case(tmp_path, encoding):
    table = "Filename;Crack;Porosität\nÄ.JPG;1;0\n".encode(encoding)
    files = {"_classes.csv": table, unicodedata.normalize("NFD", "images/Ä.jpg"): b"x"}
    ((_, shown),) = exports.labels(tmp_path / "in.zip", files).items()
    assert shown == {"Crack"}


def test_two_tables_that_say_different_things_of_an_image_are_not_believed(tmp_path):
    files = {
        "a/_classes.csv": b"filename,Crack,Porosity\nx.jpg,1,0\n",
        "_classes.csv": b"filename,Crack,Porosity\na/x.jpg,0,1\n",
    }
    assert "say different things" in exports.rejected(tmp_path / "in.zip", files | {"a/x.jpg": b"x"})["a/x.jpg"]


def test_masks_of_pixels_are_refused_by_name(tmp_path):
    files = {f"train/{index}{end}": b"x" for index in range(3) for end in (".jpg", "_mask.png")}
    with pytest.raises(WeldspotError, match="masks of pixels, which are not read; export COCO or YOLO segmentation"):
        exports.read(
            tmp_path / "in.zip", files | {"train/_classes.csv": b"Pixel Value, Class\n0, background\n1, Crack\n"}
        )
