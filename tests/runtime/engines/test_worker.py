"""A task on a worker: bytes in, bytes out, and errors that name the files as the driver knows them."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from weldspot.runtime import state_files
from weldspot.runtime.engines import worker
from weldspot.runtime.engines.files import Files
from weldspot.runtime.errors import WeldspotError, told
from weldspot.runtime.plugins import resolver

ITEM = Files(reads=(Path("/not/here/a.txt"), Path("/nor/here/a.txt")), writes=(Path("/elsewhere/sum.txt"),))


def joined(item: Files) -> str:
    item.writes[0].write_bytes(b"".join(path.read_bytes() for path in item.reads))
    return item.reads[0].name


def damaged(item: Files) -> None:
    raise state_files.Damaged(item.reads[1], "a byte has flipped", state_files.FROM_GRAPH)


def refused(item: Files) -> None:
    (item.reads[0].parent / "b.txt").read_bytes()


def odd(item: object) -> None:
    class Local(Exception):
        pass

    raise Local("of a library")


def done(
    function: object, item: object, *files: bytes, names: tuple[str, ...] = ("", "")
) -> tuple[bool, object, list[bytes]]:
    work = pickle.dumps((function, item, names[: len(files)]))
    pickled, written = worker.run(work, [np.frombuffer(data, np.uint8) for data in files])
    went_well, value = pickle.loads(pickled)
    return went_well, value, [data.tobytes() for data in written]


def test_files_come_and_go_as_bytes() -> None:
    assert done(joined, ITEM, b"one ", b"two") == (True, "a.txt", [b"one two"])


def place(item: Files) -> str:
    return str(item.reads[1])


def test_a_file_that_tasks_share_is_laid_once_and_goes_when_none_reads_it_any_more() -> None:
    item = Files(reads=ITEM.reads)
    places = [done(place, item, b"a", b"b", names=("", name))[1] for name in ("one", "one", "other")]
    assert places[0] == places[1] != places[2]
    assert [Path(str(path)).exists() for path in places] == [False, False, True]
    done(joined, ITEM, b"", b"")
    assert not Path(str(places[2])).exists()


def test_an_item_without_files_is_handed_over_as_it_is() -> None:
    assert done(abs, -3) == (True, 3, [])


def test_an_error_names_the_file_of_the_driver() -> None:
    went_well, error, _ = done(damaged, ITEM, b"", b"")
    assert (went_well, str(error)) == (
        False,
        "/nor/here/a.txt: damaged (a byte has flipped); `dvc repro` makes it anew",
    )
    assert isinstance(error, WeldspotError)


def test_an_error_of_the_system_names_it_too() -> None:
    _, error, _ = done(refused, Files(reads=ITEM.reads[:1]), b"")
    assert isinstance(error, FileNotFoundError)
    assert "No such file" in told(error).line()


def test_an_error_that_cannot_travel_is_told_in_words() -> None:
    _, error, _ = done(odd, 1)
    assert str(error) == "Local: of a library"


@pytest.fixture
def as_before() -> Iterator[None]:
    before = resolver.used()
    yield
    resolver.use(before)


def test_a_worker_begins_with_the_plugins_that_came(as_before: None, tmp_path: Path) -> None:
    worker.begin(tmp_path)
    assert resolver.used() == tmp_path
