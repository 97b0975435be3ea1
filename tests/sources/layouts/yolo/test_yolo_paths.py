"""Where a data.yaml's entries lead to in an export that has been moved since."""

import exports
import pytest

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.yolo.yolo_paths import reach

FILES = {
    "set/train/images/a.jpg": b"x", "set/valid/images/b.jpg": b"x", "set/data.yaml": b"",
    "set/lists/train.txt": b"D:\\old\\train\\images\\a.jpg\r\n\r\n/x/lost/c.jpg\r\n", "set/lists/bad.txt": b"\xff\xff",
}  # fmt: skip


def led(tmp_path, folder: str = "set", **content: object) -> set[str]:
    (tmp_path / "in.zip").write_bytes(exports.zipped(FILES))
    with Archive(tmp_path / "in.zip") as archive:
        return set(reach(archive, content, folder))


@pytest.mark.parametrize(
    "entry",
    [
        "train/images", "./train/images/", "../train/images", "/content/set/train/images", "C:\\me\\set\\train\\images",
        "train\\images", ["train/images"], "lists/train.txt", "/root/lists/train.txt", "D:/set/lists/train.txt",
    ],
)  # fmt: skip
def test_an_entry_leads_to_its_folder(tmp_path, entry):
    assert led(tmp_path, train=entry) == {"set/train/images"}


def test_every_split_and_the_path_count(tmp_path):
    assert led(tmp_path, path="/data/set", train="train/images", val="valid/images") == {
        "set/train/images", "set/valid/images",
    }  # fmt: skip
    assert led(tmp_path, folder=".", path="set", train=["train", "valid"]) == {"set/train", "set/valid"}


@pytest.mark.parametrize("entry", [None, 3, "", "nowhere/images", "lists/none.txt", "lists/bad.txt", {"a": 1}])
def test_what_is_not_there_leads_nowhere(tmp_path, entry):
    assert led(tmp_path, train=entry) == set()
