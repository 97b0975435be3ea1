"""Files and folders that appear whole under their name, or not at all, also through a kill or a power cut."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; synced and renamed to `path` when the block ends without an error.

    Folders are made as needed. Several threads and processes may replace one file: the last one wins.
    """
    make_folder(path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    try:
        yield partial
        _sync(partial)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync(path.parent)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, renamed to `folder` (which it replaces) when the block ends without an error."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """Writes `data` at `path`; durable when it returns."""
    with replacing_file(path) as partial:
        partial.write_bytes(data)


def write_json(path: Path, value: object) -> None:
    """Readable JSON, the same bytes for the same value; durable when it returns."""
    write_bytes(path, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def move(source: Path, target: Path) -> None:
    """Renames within one file system, and syncs both folders."""
    make_folder(target.parent)
    os.replace(source, target)
    _sync(target.parent)
    _sync(source.parent)


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it, where they are not there; the names of new ones are durable when it returns.

    Else what is written in a new folder is lost with it by a power cut, however well it was synced itself.
    """
    new = [folder, *folder.parents]
    new = [each for each in new if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        _sync(each.parent)


def _sync(path: Path) -> None:
    """Makes a file's bytes, or a folder's names, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
