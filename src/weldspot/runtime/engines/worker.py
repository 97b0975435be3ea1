"""One task on a worker of a cluster: its files are laid into a temporary folder, and what it wrote is handed back.

On the driver's own machine they are read where they lie, and what was written is left for the driver to move.
"""

import atexit
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from jaxtyping import UInt8

from weldspot.runtime import processes
from weldspot.runtime.engines.files import Files
from weldspot.runtime.plugins import resolver

Bytes = UInt8[np.ndarray, " length"]
# a pickled (whether it went well, result or error), and the files that were written, or where the driver finds them
Answer = tuple[bytes, list[Bytes] | Path]
Item = TypeVar("Item")


_kept: dict[str, Path] = {}  # name given by the driver → where a file lies that the tasks of one map share


def begin(plugins: Path | None) -> None:
    """Once a process."""
    resolver.use(plugins)
    processes.tuned()
    atexit.register(lambda: _forget(list(_kept)))


def run(work: bytes, files: Sequence[Bytes], here: str = "") -> Answer | None:
    """Does a pickled (function, item, names, home); errors are handed back too. None: the files are not here.

    `files`: the bytes of what the item reads, or nothing where it is to be read in place; `names`: by which those are
    known that later tasks read too, else ""; `home` is the driver's node, `here` this one.
    """
    function, item, names, home = pickle.loads(work)
    if not isinstance(item, Files):
        return pickle.dumps(_tried(function, item)), []
    at_home = bool(home) and home == here and all(path.is_file() for path in item.reads)
    if not at_home and len(files) < len(item.reads):
        return None
    folder = Path(tempfile.mkdtemp(prefix="weldspot-task-"))
    left = False
    try:
        reads = item.reads
        if not at_home:
            reads = tuple(_laid(folder / "reads", *one) for one in zip(item.reads, files, names, strict=True))
            _forget(set(_kept) - set(names))
        writes = tuple(written(folder, item))
        for path in writes:
            path.parent.mkdir(parents=True)
        went_well, value = _tried(function, item.moved(reads, writes))
        if not went_well:
            places = zip(map(str, (*reads, *writes)), map(str, (*item.reads, *item.writes)), strict=True)
            return pickle.dumps((False, _named(value, dict(places)))), []
        left = at_home
        return pickle.dumps((True, value)), folder if at_home else [mapped(path) for path in writes]
    finally:
        if not left:
            shutil.rmtree(folder, ignore_errors=True)


def written(folder: Path, item: Files) -> Iterator[Path]:
    """Where the files that a task makes lie in its folder."""
    return (folder / "writes" / str(index) / path.name for index, path in enumerate(item.writes))


def mapped(path: Path) -> Bytes:
    """The file's bytes, copied but once: into the store of the cluster."""
    return np.asarray(np.memmap(path, np.uint8, "r")) if path.stat().st_size else np.empty(0, np.uint8)


def _laid(folder: Path, path: Path, data: Bytes, name: str) -> Path:
    """Where the file is for this task; one that is shared stays for the next."""
    if name in _kept:
        return _kept[name]
    home = Path(tempfile.mkdtemp(prefix="weldspot-shared-")) if name else folder / str(len(list(folder.glob("*"))))
    place = _place(home / path.name)
    place.write_bytes(data.data)
    if name:
        _kept[name] = place
    return place


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _forget(names: Iterable[str]) -> None:
    for name in names:
        shutil.rmtree(_kept.pop(name).parent, ignore_errors=True)


def _tried(function: Callable[[Item], object], item: Item) -> tuple[bool, object]:
    try:
        return True, function(item)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:  # an error of somebody's library that can't travel
            return False, RuntimeError(f"{type(error).__name__}: {error}")
        return False, error


def _named(error: object, names: dict[str, str]) -> object:
    """The error with the files named as they are called where they came from."""
    assert isinstance(error, Exception)
    error.args = tuple(_renamed(value, names) for value in error.args)
    if isinstance(error, OSError):
        error.filename = _renamed(error.filename, names)
    return error


def _renamed(value: object, names: dict[str, str]) -> object:
    text = str(value)
    if not isinstance(value, str | Path) or not any(here in text for here in names):
        return value
    for here, there in names.items():
        text = text.replace(here, there)
    return type(value)(text)
