"""Files and folders are there whole, or as they were."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from weldspot.runtime import atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "deep/down/file.json"
    atomic.write_json(target, {"a": "ü"})
    atomic.write_json(target, {"a": 1})
    assert target.read_text() == '{\n  "a": 1\n}\n'
    assert names(target.parent) == ["file.json"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_fails_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "file"
    atomic.write_bytes(target, b"old")

    def fail() -> None:
        with atomic.replacing_file(target) as partial:
            partial.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_a_folder_appears_whole_and_replaces_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "artifacts/split"
    for number in ("1", "2"):
        with atomic.replacing_folder(target) as folder:
            (folder / number).touch()
            assert number not in (names(target) if target.exists() else [])
    assert names(target) == ["2"]

    def fail() -> None:
        with atomic.replacing_folder(target) as folder:
            (folder / "3").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(target) == ["2"]
    assert names(target.parent) == ["split"]


def test_threads_that_write_one_file_leave_one_of_theirs(tmp_path: Path) -> None:
    target = tmp_path / "file"
    values = [bytes([n]) * 100_000 for n in range(8)]
    threads = [threading.Thread(target=atomic.write_bytes, args=(target, value)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() in values
    assert names(tmp_path) == ["file"]


def test_a_kill_before_the_rename_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom weldspot.runtime import atomic\n"
        "with atomic.replacing_file(Path(sys.argv[1])) as partial:\n"
        "    partial.write_bytes(b'half')\n    os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(target)], check=False).returncode == -9
    assert target.read_bytes() == b"old"
    assert not [path for path in tmp_path.glob("*.json") if path != target], "no suffix that a reader looks for"


def test_a_move_makes_the_folder_it_needs(tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(b"batch")
    atomic.move(tmp_path / "from", tmp_path / "to/here")
    assert (tmp_path / "to/here").read_bytes() == b"batch"
    assert not os.path.exists(tmp_path / "from")


def test_the_names_of_new_folders_are_durable_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first upload of a new phone: a power cut would take its folder, and the upload with it."""
    synced: list[Path] = []
    real = atomic._sync

    def sync(path: Path) -> None:
        synced.append(path)
        real(path)

    monkeypatch.setattr(atomic, "_sync", sync)
    atomic.write_bytes(tmp_path / "spool/anna/upload.jpg", b"photograph")
    assert {tmp_path, tmp_path / "spool", tmp_path / "spool/anna"} <= set(synced)
    synced.clear()
    atomic.write_bytes(tmp_path / "spool/anna/another.jpg", b"photograph")
    assert tmp_path not in synced
    atomic.move(tmp_path / "spool/anna/another.jpg", tmp_path / "collected/anna/another.jpg")
    assert {tmp_path, tmp_path / "collected", tmp_path / "collected/anna", tmp_path / "spool/anna"} <= set(synced)
