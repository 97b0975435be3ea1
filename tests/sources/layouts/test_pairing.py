"""Which annotation belongs to which image, whatever the folders are called."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.layouts.pairing import pair

MEET = [
    ("a.jpg", "a.xml"),
    ("train/a.jpg", "train/a.XML"),
    ("A.JPG", "a.txt"),
    ("a.jpg", "a.jpg.txt"),
    ("Images/a.jpg", "Labels/a.txt"),
    ("images/train/a.jpg", "labels/train/a.txt"),
    ("train/images/a.jpg", "train/labels/a.txt"),
    ("train/JPEGIMAGES/a.jpg", "train/ANNOTATIONS/a.xml"),
    ("train/images/Crack/a.jpg", "train/annotations/a.xml"),
    ("photos/2024/a.jpg", "boxes/a.txt"),
    ("train/a.jpg", "annotations/a.xml"),
    ("a.jpg", "labels/a.txt"),
    ("images/a.jpg", "a.txt"),
    (unicodedata.normalize("NFD", "Nähte/Naht ä.jpg"), "Nähte/Naht ä.xml"),
]


@pytest.mark.parametrize(("image", "annotation"), MEET)
def test_they_meet(image: str, annotation: str) -> None:
    assert pair([image], [annotation]).of == {image: annotation}


@pytest.mark.parametrize(
    ("image", "annotation"),
    [
        ("images/train/a.jpg", "labels/val/a.txt"),
        ("train/a.jpg", "annotations/valid/a.xml"),
        ("train/images/a.jpg", "test/labels/a.txt"),
    ],
)
def test_a_split_does_not_meet_another(image: str, annotation: str) -> None:
    pairs = pair([image], [annotation])
    assert pairs.of == {}
    assert pairs.orphans == (annotation,)


def test_an_image_whose_label_is_lost_does_not_take_that_of_another_plant() -> None:
    images = ["plant-a/images/1.jpg", "plant-a/images/2.jpg", "plant-b/images/2.jpg"]
    pairs = pair(images, ["plant-a/labels/2.txt", "plant-b/labels/1.txt", "plant-b/labels/2.txt"])
    assert pairs.of == {f"plant-{p}/images/2.jpg": f"plant-{p}/labels/2.txt" for p in "ab"}
    assert pairs.orphans == ("plant-b/labels/1.txt",)


def test_the_same_names_in_every_split_are_told_apart_by_their_folders() -> None:
    places = [f"{split}/{name}" for split in ("train", "valid", "test") for name in ("1", "2")]
    images, notes = [f"images/{p}.jpg" for p in places], [f"labels/{p}.txt" for p in places]
    assert pair(images, notes).of == dict(zip(images, notes, strict=True))
    flat, notes = [f"{p}.jpg" for p in places], [f"annotations/{p}.xml" for p in places]
    assert pair(flat, notes).of == dict(zip(flat, notes, strict=True))


def test_frames_of_a_hundred_clips_find_their_own() -> None:
    for images, notes in (("clip{}/images/1.jpg", "clip{}/labels/1.txt"), ("clip{}/1.jpg", "clip{}/1.xml")):
        names = [(images.format(index), notes.format(index)) for index in range(100)]
        assert pair([image for image, _ in names], [note for _, note in names]).of == dict(names)


def test_one_annotation_for_two_images_is_nobodys() -> None:
    pairs = pair(["weld1.jpg", "weld1.png"], ["weld1.xml"])
    assert pairs.of == {}
    assert pairs.doubtful["weld1.png"] == "weld1.xml could be of each of weld1.jpg, weld1.png; rename one"
    assert pair(["train/1.jpg", "valid/1.jpg"], ["labels/1.txt"]).of == {}


def test_two_annotations_for_one_image_are_nobodys() -> None:
    for notes in (["a.xml", "a.XML"], ["Annotations/a.xml", "old/a.xml"], ["a.xml", "backup/a.xml"]):
        pairs = pair(["a.jpg"], notes)
        assert pairs.of == {}
        assert "both claim a.jpg; keep one" in pairs.doubtful["a.jpg"]


def test_the_image_that_an_annotation_names_is_its_own_and_the_other_a_twin() -> None:
    for said in ("weld1.jpg", "C:\\photos\\WELD1.JPG", "/home/me/weld1.jpg"):
        pairs = pair(["weld1.jpg", "weld1.png"], ["weld1.xml"], {"weld1.xml": said})
        assert pairs.of == {"weld1.jpg": "weld1.xml"}
        assert "belongs to weld1.jpg" in pairs.twins["weld1.png"]


def test_a_mask_of_the_same_name_in_a_folder_of_its_own_is_a_twin() -> None:
    pairs = pair(["images/1.jpg", "masks/1.png"], ["labels/1.txt"])
    assert pairs.of == {"images/1.jpg": "labels/1.txt"}
    assert "masks/1.png" in pairs.twins


def test_an_annotation_that_says_another_image_than_its_name_is_not_believed() -> None:
    pairs = pair(["1.jpg", "2.jpg"], ["1.xml"], {"1.xml": "2.jpg"})
    assert pairs.of == {}
    assert pairs.doubtful["1.jpg"] == "1.xml has the name of 1.jpg, but says that it is of 2.jpg; rename or mend it"
    assert pair(["weld.jpg"], ["0001.xml"], {"0001.xml": "weld.jpg"}).of == {"weld.jpg": "0001.xml"}
    assert pair(["1.jpg"], ["1.xml"], {"1.xml": "gone.bmp"}).of == {"1.jpg": "1.xml"}, "a name of before"


def test_upper_and_lower_case_are_two_names_where_both_are_there() -> None:
    pairs = pair(["Twin.jpg", "twin.jpg"], ["Twin.xml", "twin.xml"])
    assert pairs.of == {"Twin.jpg": "Twin.xml", "twin.jpg": "twin.xml"}


PATHS = st.lists(st.sampled_from([f"{a}/{b}" for a in ("x", "images", "labels", "train") for b in "12"]), unique=True)


@given(PATHS, PATHS)
def test_every_annotation_and_image_has_one_fate(images: list[str], notes: list[str]) -> None:
    images, notes = [f"{name}.jpg" for name in images], [f"{name}.txt" for name in notes]
    pairs = pair(images, notes)
    assert len(set(pairs.of.values())) == len(pairs.of)
    fates = [*pairs.of.values(), *(n for n in pairs.doubtful if n in notes), *pairs.orphans]
    assert sorted(fates) == sorted(notes)
    assert not pairs.of.keys() & (pairs.doubtful.keys() | pairs.twins.keys())
    assert all(image[:-4].split("/")[1] == note[:-4].split("/")[1] for image, note in pairs.of.items())
