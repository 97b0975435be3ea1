"""Roboflow's multi-class CSV: a table in each folder."""

import exports


def test_images_and_rows_of_a_table_that_do_not_meet_are_rejected(tmp_path):
    files = exports.multiclass()
    files["train/_classes.csv"] += b"ghost.jpg, 0, 1, 0, 0, 0, 0\nseam-x.jpg, 1\n"
    files |= {"train/seam-x.jpg": b"x", "train/unlisted.jpg": b"x"}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"train/ghost.jpg", "train/seam-x.jpg", "train/unlisted.jpg"}
    assert "6 classes" in rejected["train/seam-x.jpg"]


def test_two_rows_of_one_image_add_up_and_unlabeled_is_no_class(tmp_path):
    table = b"filename, Crack, Porosity, Unlabeled\na.jpg, 1, 0, 0\na.jpg, 0, 1, 0\nb.jpg, 0, 0, 1\n"
    _, items = exports.read(tmp_path / "in.zip", {"_classes.csv": table, "a.jpg": b"x", "b.jpg": b"x"})
    assert {item.name: item.labels for item in items} == {"a.jpg": ("Crack", "Porosity"), "b.jpg": ()}


def test_a_table_of_something_else_is_rejected_with_the_images_it_should_name(tmp_path):
    rejected = exports.rejected(tmp_path / "in.zip", {"_classes.csv": b"picture, Crack\n", "a.jpg": b"x"})
    assert rejected["_classes.csv"] == "the table's first column is not `filename`"
    assert "no annotation" in rejected["a.jpg"]
