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
    files = {f"Crack/{i}.jpg": b"x" for i in range(30)} | {"Crack/0.png": b"x", "Porosity/1.jpg": b"x"}
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"Crack/0.jpg", "Crack/0.png"}
    assert "may be a mask" in rejected["Crack/0.png"]


def ultralytics(root: str = "") -> dict[str, bytes]:
    """As Ultralytics' `classify` wants it, with a `test` that nobody labelled."""
    files = {f"{root}{split}/{kind}/{i}.jpg": b"x" for split in ("train", "val") for kind in "ab" for i in range(5)}
    return files | {f"{root}test/{i}.jpg": b"x" for i in range(20)}


@pytest.mark.parametrize("root", ["", "welds/", "a b/welds-1/"])
def test_an_unlabelled_test_folder_is_passed_over_and_its_parent_is_no_class(tmp_path, root):
    items = exports.read(tmp_path / "in.zip", ultralytics(root))[1]
    assert {item.labels for item in items} == {("a",), ("b",)}
    assert len(items) == 20
    passed = exports.passed_over(tmp_path / "in.zip", ultralytics(root))
    assert len(passed) == 20
    assert "without a class" in passed[f"{root}test/3.jpg"]


def test_what_lies_beside_class_folders_has_no_class(tmp_path):
    files = {f"set/{kind}/{i}.jpg": b"x" for kind in ("crack", "pore") for i in range(10)} | {"set/logo.jpg": b"x"}
    assert exports.rejected(tmp_path / "in.zip", files) == {"set/logo.jpg": "in no folder that could be a class"}


def test_one_folder_alone_is_a_class_only_below_a_split(tmp_path):
    files = {f"train/crack/{i}.jpg": b"x" for i in range(3)}
    assert {item.labels for item in exports.read(tmp_path / "in.zip", files)[1]} == {("crack",)}
    with pytest.raises(WeldspotError, match="none of the"):
        exports.read(tmp_path / "in.zip", {f"weld-set/{i}.jpg": b"x" for i in range(3)})


def test_masks_in_class_folders_of_their_own_are_passed_over(tmp_path):
    files = {f"bottle/train/good/{i}.png": b"x" for i in range(6)}
    files |= {f"bottle/test/{kind}/{i}.png": b"x" for kind in ("good", "broken", "mask") for i in range(3)}
    masks = {f"bottle/ground_truth/broken/{i}_mask.png": b"x" for i in range(3)}
    items = exports.read(tmp_path / "in.zip", files | masks)[1]
    assert {item.name for item in items} == files.keys()
    assert {item.labels[0] for item in items} == {"good", "broken", "mask"}
    assert exports.passed_over(tmp_path / "in.zip", files | masks) == dict.fromkeys(
        masks, "a mask: it lies in a folder ground_truth"
    )
