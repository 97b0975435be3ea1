"""Objects whole, in order, and looked at."""

import hashlib
from dataclasses import replace

import pytest

from weldspot.sources.remote.contents import Contents
from weldspot.sources.remote.partial import Partial
from weldspot.sources.remote.pieces import PIECE, Changed
from weldspot.sources.remote.store import Item

SMALL, LARGE = b"small", bytes(range(251)) * (2 * PIECE // 251 + 9)


class Shelf:
    """A store of our own: what lies there, and pieces that come damaged."""

    address, key = "s3://shelf/x", "source.path"

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects, self.damage, self.asked = objects, 0, []

    def items(self) -> list[Item]:
        return [self.item(name) for name in sorted(self.objects)]

    def item(self, name: str) -> Item:
        digest = hashlib.md5(self.objects[name]).hexdigest()
        return Item(name, name, len(self.objects[name]), digest, digest)

    def again(self, item: Item) -> Item:
        return replace(self.item(item.name), md5=item.md5)

    def read(self, item: Item, start: int, end: int) -> bytes:
        self.asked.append((item.name, start))
        data = self.objects[item.name][start:end]
        if self.damage and data:
            self.damage -= 1
            return bytes([data[0] ^ 1]) + data[1:]
        return data


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"a": SMALL, "b": LARGE, "c": b""})


def read(shelf: Shelf, tmp_path, items=None) -> dict[str, bytes]:
    contents = Contents(shelf, Partial(tmp_path / "partial"))
    return {item.name: content.read() for item, content in contents.read(items or shelf.items(), lambda _: None)}


def test_large_and_small_come_whole(shelf, tmp_path):
    assert read(shelf, tmp_path) == shelf.objects


def test_damage_on_the_way_is_never_given_out(shelf, tmp_path):
    for name in ("a", "b"):
        shelf.damage = 1
        with pytest.raises(Changed):
            read(shelf, tmp_path, [shelf.item(name)])
        assert read(shelf, tmp_path, [shelf.item(name)]) == {name: shelf.objects[name]}


def test_an_etag_that_only_looks_like_an_md5_is_found_out_once(shelf, tmp_path):
    items = [replace(item, md5="0" * 32) for item in shelf.items()]
    assert read(shelf, tmp_path, items) == shelf.objects
    assert len(shelf.asked) == 1 + 1 + 3  # "a" twice, the three pieces of "b" once


def test_an_object_that_is_here_already_is_not_asked_for(shelf, tmp_path):
    reader = Contents(shelf, Partial(tmp_path / "partial")).read([shelf.item("b")], lambda _: None)
    next(reader)
    reader.close()
    shelf.asked.clear()
    assert read(shelf, tmp_path, [shelf.item("b"), shelf.item("c")]) == {"b": LARGE, "c": b""}
    assert shelf.asked == []


def test_a_large_one_that_was_replaced_is_dropped(shelf, tmp_path):
    item = replace(shelf.item("b"), md5="")
    shelf.objects["b"] = LARGE[::-1]
    with pytest.raises(Changed):
        read(shelf, tmp_path, [item])
    assert Partial(tmp_path / "partial").arrived(item) == 0
