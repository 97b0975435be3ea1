"""One folder a class."""

import exports
import pytest
from weld_classes import WELD

from weldspot.runtime.errors import WeldspotError


def test_a_folder_is_the_label_of_its_images(tmp_path):
    layout, items = exports.read(tmp_path / "in.zip", exports.class_folders())
    assert layout == "class_folders"
    assert sorted(item.labels for item in items) == [("Crack",), ("Good Welding",), ("Porosity",)]
    assert WELD.canonical(items[0].labels[0])


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("crack/1.jpg", "crack"),
        ("train/Crack/1.jpg", "Crack"),
        ("crack/train/1.jpg", "crack"),
        ("welds/test/good_welding/images/1.jpg", "good_welding"),
        ("Crack/undercut/1.jpg", "undercut"),
        ("Crack/2024/1.jpg", "2024"),
    ],
)
def test_the_class_is_the_nearest_folder_that_is_no_split(tmp_path, name, label):
    items = exports.read(tmp_path / "in.zip", {name: b"x", "Porosity/2.jpg": b"x"})[1]
    assert next(item.labels for item in items if item.name == name) == (label,)


def test_a_photograph_and_its_mask_are_not_both_the_class(tmp_path):
    files = {f"{label}/{i}.jpg": b"x" for label in ("Crack", "Pore") for i in range(30)} | {"Crack/0.png": b"x"}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"Crack/0.jpg", "Crack/0.png"}
    assert "may be a mask" in rejected["Crack/0.png"]


def test_one_folder_alone_may_be_the_root_of_them_all(tmp_path):
    with pytest.raises(WeldspotError, match="none of the"):
        exports.read(tmp_path / "in.zip", {f"photos/{i}.jpg": b"x" for i in range(30)})
