"""Which image a name means, and when nobody knows."""

import pytest

from weldspot.sources.layouts.naming import Names, Place, parts

TWO = ("train/a.jpg", "valid/a.jpg", "train/b.jpg")


def find(images: tuple[str, ...], document: str, name: str, *others: str) -> Place:
    """The place of `name`, said in a file that names `others` too."""
    return Names(images, {document: [(name,), *((other,) for other in others)]}).find(document, (name,))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (r"C:\welds\set\a.jpg", ("welds", "set", "a.jpg")),
        ("/data/./a.jpg", ("data", "a.jpg")),
        ("../b/a.jpg", ("b", "a.jpg")),
        ("a:b.jpg", ("a:b.jpg",)),
        ("", ()),
        ("a/" * 100_000 + "b/c.jpg", ("a",) * 62 + ("b", "c.jpg")),
    ],
)
def test_a_path_of_any_system_has_the_same_parts(name: str, expected: tuple[str, ...]) -> None:
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("document", "name", "expected"),
    [
        ("annotations.json", "train/a.jpg", "train/a.jpg"),
        ("annotations.json", "VALID/A.JPG", "valid/a.jpg"),
        ("annotations.json", r"D:\sets\welds\valid\a.jpg", "valid/a.jpg"),
        ("train/_annotations.json", "a.jpg", "train/a.jpg"),
        ("valid/_annotations.json", "a.jpg", "valid/a.jpg"),
        ("valid/_annotations.json", "../train/a.jpg", "train/a.jpg"),
        ("annotations.json", "b.jpg", "train/b.jpg"),
        ("annotations.json", "elsewhere/b.jpg", "train/b.jpg"),
    ],
)
def test_an_image_is_found_by_the_end_of_its_path(document: str, name: str, expected: str) -> None:
    assert find(TWO, document, name).images == (expected,)


def test_a_name_that_several_images_have_is_doubtful() -> None:
    assert find(TWO, "annotations.json", "a.jpg").images == ("train/a.jpg", "valid/a.jpg")


@pytest.mark.parametrize(
    ("document", "name"),
    [("valid/_annotations.json", "b.jpg"), ("annotations.json", "valid/b.jpg"), ("annotations.json", "c.jpg")],
)
def test_the_image_of_another_split_is_not_taken_for_one_that_is_lost(document: str, name: str) -> None:
    assert find(TWO, document, name, "a.jpg").images == ()


def test_files_of_splits_know_theirs_by_their_own_names() -> None:
    said = {f"annotations/instances_{part}2017.json": [("a.jpg",)] for part in ("train", "valid")}
    names = Names(TWO, said)
    for part in ("train", "valid"):
        assert names.find(f"annotations/instances_{part}2017.json", ("a.jpg",)).images == (f"{part}/a.jpg",)


def test_a_file_in_a_folder_of_images_or_called_after_one_speaks_of_that_one_alone() -> None:
    images = ("plant-a/1.jpg", "plant-b/2.jpg", "plant-b/3.jpg")
    said = {"notes/plant-a.json": [("1.jpg",), ("2.jpg",)], "notes/plant-b.json": [("2.jpg",)]}
    assert Names(images, said).find("notes/plant-a.json", ("2.jpg",)).images == ()
    said = {"plant-a/sub/x.json": [("2.jpg",), ("../plant-b/3.jpg",), ("plant-b/3.jpg",)]}
    names = Names(images, said)
    assert [names.find("plant-a/sub/x.json", spellings).images for spellings in said["plant-a/sub/x.json"]] == [
        (), ("plant-b/3.jpg",), ("plant-b/3.jpg",)
    ]  # fmt: skip


def test_other_folders_are_believed_once() -> None:
    images = ("photos/a.jpg", "photos/b.jpg")
    said = {"x.json": [("one/a.jpg",), ("two/a.jpg",), ("two/b.jpg",)]}
    names = Names(images, said)
    assert names.find("x.json", ("one/a.jpg",)) == Place()
    assert names.find("x.json", ("two/b.jpg",)) == Place(("photos/b.jpg",), False)


def test_folders_that_all_names_begin_with_are_the_vendors_own() -> None:
    images = ("new/train/a.jpg", "new/valid/a.jpg")
    said = {"x.json": [("/old/set/train/a.jpg",), ("/old/set/valid/a.jpg",)]}
    names = Names(images, said)
    assert names.find("x.json", ("/old/set/valid/a.jpg",)) == Place(("new/valid/a.jpg",), True)


def test_a_photograph_goes_before_its_mask() -> None:
    place = find(("images/a.png", "masks/a.png"), "x.json", "a.png")
    assert place == Place(("images/a.png",), True, ("masks/a.png",))


def test_names_that_differ_in_case_alone_are_told_apart() -> None:
    assert find(("A.jpg", "a.jpg"), "x.json", "A.jpg").images == ("A.jpg",)


def test_the_first_spelling_that_is_there_counts() -> None:
    images = ("0a1b2c3d-a.jpg", "b.jpg")
    said = [("0a1b2c3d-a.jpg", "a.jpg"), ("0a1b2c3d-b.jpg", "b.jpg")]
    names = Names(images, {"x.json": said})
    assert [names.find("x.json", spellings).images for spellings in said] == [("0a1b2c3d-a.jpg",), ("b.jpg",)]


def test_each_part_of_an_export_speaks_of_its_own_images() -> None:
    images = tuple(f"plant-{p}/images/frame_{i}.jpg" for p in "ab" for i in range(3))
    said = {f"plant-{p}/x.json": [(f"frame_{i}.jpg",) for i in range(3)] for p in "ab"}
    assert Names(images, said).find("plant-b/x.json", ("frame_1.jpg",)).images == ("plant-b/images/frame_1.jpg",)
    lost = Names(images[1:], said)
    assert lost.find("plant-a/x.json", ("frame_0.jpg",)).images == ()
