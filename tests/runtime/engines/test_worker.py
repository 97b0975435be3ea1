"""A task on a worker: bytes in, bytes out, and errors that name the files as the driver knows them."""

import pickle
import shutil
import tempfile
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
    work = pickle.dumps((function, item, names[: len(files)], "the driver's node"))
    answer = worker.run(work, [np.frombuffer(data, np.uint8) for data in files], "another node")
    assert answer is not None
    pickled, written = answer
    assert isinstance(written, list)
    went_well, value = pickle.loads(pickled)
    return went_well, value, [data.tobytes() for data in written]


def test_files_come_and_go_as_bytes() -> None:
    assert done(joined, ITEM, b"one ", b"two") == (True, "a.txt", [b"one two"])


def at_home(function: object, item: Files, *files: bytes) -> tuple[object, list[worker.Bytes] | Path]:
    work = pickle.dumps((function, item, ("",) * len(files), "a node"))
    answer = worker.run(work, [np.frombuffer(data, np.uint8) for data in files], "a node")
    assert answer is not None
    pickled, written = answer
    return pickle.loads(pickled)[1], written


def test_on_the_drivers_machine_files_are_read_where_they_lie_and_left_to_be_moved(tmp_path: Path) -> None:
    item = Files(reads=(tmp_path / "a.txt",), writes=(tmp_path / "out.txt", tmp_path / "other" / "out.txt"))
    item.reads[0].write_bytes(b"here")
    said, left = at_home(doubled, item)
    assert isinstance(left, Path)
    assert said == str(item.reads[0])
    assert [path.read_bytes() for path in worker.written(left, item)] == [b"here", b"herehere"]
    assert not item.writes[0].exists()  # the driver moves them: a worker that outlives it writes into nobody's folder
    shutil.rmtree(left)


def doubled(item: Files) -> str:
    for times, path in enumerate(item.writes, 1):
        path.write_bytes(item.reads[0].read_bytes() * times)
    return str(item.reads[0])


def test_where_a_file_of_the_driver_is_not_what_was_sent_is_laid_down(tmp_path: Path) -> None:
    item = Files(reads=(tmp_path / "missing.txt",), writes=(tmp_path / "out.txt",))
    said, files = at_home(joined, item, b"sent")
    assert isinstance(files, list)
    assert (said, [data.tobytes() for data in files]) == ("missing.txt", [b"sent"])


@pytest.mark.parametrize("here", ["a node", "another node"])
def test_a_file_that_is_neither_there_nor_sent_is_asked_for(here: str, tmp_path: Path) -> None:
    item = Files(reads=(tmp_path / "missing.txt",), writes=(tmp_path / "out.txt",))
    assert worker.run(pickle.dumps((joined, item, [], "a node")), [], here) is None


def test_a_task_that_fails_at_home_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "a.txt").touch()
    error, left = at_home(refused, Files(reads=(tmp_path / "a.txt",), writes=(tmp_path / "out.txt",)), b"")
    assert (type(error), left, list((tmp_path / "scratch").iterdir())) == (FileNotFoundError, [], [])


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
