"""A zip over several runs: whatever is left of one, the next goes on to the same bytes."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from weldspot.sources.remote.growing_zip import GrowingZip, unshare
from weldspot.sources.remote.store import Item

DATA = {"a.jpg": b"first" * 100, "b/ü.txt": b"second", "c/.git/": None, "d.bin": bytes(range(256)) * 9}
ITEMS = [Item(name, name, len(data or b""), f"v-{name}") for name, data in DATA.items()]


def grow(path: Path, stop: int = len(ITEMS), items: list[Item] = ITEMS) -> int:
    """How many objects it did not have to be given."""
    grown = GrowingZip(path)
    here = 0
    while here < len(items) and grown.holds(here, items[here]):
        here += 1
    grown.keep(here)
    for item in items[here:stop]:
        data = DATA[item.name]
        grown.add(item, None if data is None else io.BytesIO(data))
        grown.mark(item)
    if stop < len(items):
        grown.abandon()
    else:
        grown.close()
    return here


@pytest.fixture
def whole(tmp_path) -> bytes:
    grow(tmp_path / "whole.zip")
    return (tmp_path / "whole.zip").read_bytes()


@pytest.mark.parametrize("stop", range(len(ITEMS)))
def test_it_goes_on_after_any_object(whole, tmp_path, stop):
    path = tmp_path / "x.zip"
    grow(path, stop)
    assert grow(path) == stop
    assert path.read_bytes() == whole
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(DATA)


def test_a_finished_one_is_whole_again_without_anything(whole, tmp_path):
    assert grow(tmp_path / "whole.zip") == len(ITEMS)
    assert (tmp_path / "whole.zip").read_bytes() == whole


@settings(max_examples=20, deadline=None)
@example(zip_end=609, journal_end=355, flipped=-1)  # in the name of a member without content
@example(zip_end=3000, journal_end=600, flipped=35)  # a letter of a name
@given(st.integers(0, 3000), st.integers(0, 600), st.integers(-1, 3000))
def test_whatever_is_left_gives_the_same_bytes(tmp_path_factory, zip_end, journal_end, flipped):
    """Cut off anywhere, and a byte flipped anywhere in what is left."""
    folder = tmp_path_factory.mktemp("left")
    grow(folder / "whole.zip")
    path, journal = folder / "x.zip", folder / "x.jsonl"
    left = bytearray((folder / "whole.zip").read_bytes()[:zip_end])
    if 0 <= flipped < len(left):
        left[flipped] ^= 1
    path.write_bytes(left)
    journal.write_bytes((folder / "whole.jsonl").read_bytes()[:journal_end])
    grow(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {k: v or b"" for k, v in DATA.items()}


def test_an_object_in_another_version_is_taken_out_with_all_behind_it(whole, tmp_path):
    items = [ITEMS[0], Item("b/ü.txt", "b/ü.txt", 6, "another"), *ITEMS[2:]]
    assert grow(tmp_path / "whole.zip", items=items) == 1
    assert (tmp_path / "whole.zip").read_bytes() == whole


def test_unshared_is_a_file_of_its_own(tmp_path):
    (tmp_path / "a").write_text("bytes")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    unshare(tmp_path / "a")
    with (tmp_path / "a").open("a") as file:
        file.write(" and more")
    assert (tmp_path / "b").read_text() == "bytes"
    unshare(tmp_path / "nothing")
