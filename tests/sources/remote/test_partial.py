"""A large object on its way."""

from dataclasses import replace

from weldspot.sources.remote.partial import Partial
from weldspot.sources.remote.pieces import Piece
from weldspot.sources.remote.store import Item

ITEM = Item("", "https://h/export.zip?download=1", 10, "v1")


def test_it_knows_what_has_arrived_of_this_very_object(tmp_path):
    partial = Partial(tmp_path / "p")
    assert partial.arrived(ITEM) == 0
    partial.append(Piece(ITEM, 0, b"01234"))
    assert partial.arrived(ITEM) == 5
    assert partial.arrived(replace(ITEM, version="v2")) == partial.arrived(replace(ITEM, size=11)) == 0
    partial.append(Piece(ITEM, 5, b"56789"))
    assert partial.path(ITEM).name == "export.zip"
    with partial.open(ITEM) as file:
        assert file.read() == b"0123456789"
    assert partial.md5(ITEM) == "781e5e245d69b566979b86e28d23f2c7"


def test_another_object_takes_its_place(tmp_path):
    partial, other = Partial(tmp_path / "p"), replace(ITEM, path="https://h/other.zip", size=3)
    partial.append(Piece(ITEM, 0, b"01234"))
    partial.append(Piece(other, 0, b"abc"))
    assert (partial.arrived(ITEM), partial.arrived(other)) == (0, 3)
    assert [path.name for path in (tmp_path / "p/object").iterdir()] == ["other.zip"]


def test_a_note_that_can_t_be_read_is_none(tmp_path):
    partial = Partial(tmp_path / "p")
    partial.append(Piece(ITEM, 0, b"01234"))
    (tmp_path / "p/note.json").write_text("[")
    assert partial.arrived(ITEM) == 0
    partial.drop()
    assert list((tmp_path / "p").iterdir()) == []
