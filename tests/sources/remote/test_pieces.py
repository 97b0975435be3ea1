"""Pieces in order, a bounded number of them, and asked for again."""

import threading

import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.remote import pieces
from weldspot.sources.remote.pieces import IN_FLIGHT, PIECE, Changed
from weldspot.sources.remote.store import Item


class Shelf:
    """A store of our own, which fails as it is told to."""

    address, key = "s3://shelf/x", "source.path"

    def __init__(self, failures: list[Exception]) -> None:
        self.failures, self.asked, self.lock = failures, [], threading.Lock()

    def read(self, item: Item, start: int, end: int) -> bytes:
        with self.lock:
            self.asked.append((item.name, start))
            if self.failures:
                raise self.failures.pop(0)
        return item.name.encode() * (end - start)

    def again(self, item: Item) -> Item:
        return item


ITEMS = [Item(name, name, size, "v") for name, size in zip("abc", (0, 2 * PIECE + 5, 7), strict=True)]


def test_they_come_in_order_from_where_it_stopped():
    found = [(piece.item.name, piece.start, len(piece.data), piece.is_last) for piece in pieces.read(Shelf([]), ITEMS)]
    assert found == [("a", 0, 0, True), ("b", 0, PIECE, False), ("b", PIECE, PIECE, False), ("b", 2 * PIECE, 5, True),
                     ("c", 0, 7, True)]  # fmt: skip
    (last,) = pieces.read(Shelf([]), [ITEMS[1]], PIECE + 10)
    assert (last.start, len(last.data), last.is_last) == (PIECE + 10, PIECE - 5, True)


def test_no_more_are_on_their_way_than_memory_should_hold():
    shelf = Shelf([])
    reader = pieces.read(shelf, [Item("x", "x", 100 * PIECE, "v")])
    next(reader)
    reader.close()
    assert len(shelf.asked) <= IN_FLIGHT


def test_a_failure_is_tried_again():
    shelf = Shelf([OSError("cut"), TimeoutError()])
    assert [piece.item.name for piece in pieces.read(shelf, ITEMS)] == ["a", "b", "b", "b", "c"]
    assert len(shelf.asked) == 4 + 2


@pytest.mark.parametrize(
    ("failures", "words"),
    [
        ([OSError("cut")] * 20, r"^source\.path: s3://shelf/x can't be read \(cut\): broke off at b; run `dvc repro`"),
        ([PermissionError("expired")], "refuses to show"),
    ],
)
def test_what_does_not_mend_itself_is_one_line(failures, words):
    with pytest.raises(WeldspotError, match=words):
        list(pieces.read(Shelf(failures), [ITEMS[1]]))


@pytest.mark.parametrize("error", [FileNotFoundError("gone"), OSError("416, Range Not Satisfiable")])
def test_an_object_that_is_gone_or_shorter_has_changed(error):
    with pytest.raises(Changed):
        list(pieces.read(Shelf([error]), [ITEMS[2]]))
