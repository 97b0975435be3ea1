"""One task on a worker of a cluster: its files are laid into a temporary folder, and what it wrote is handed back."""

import pickle
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from jaxtyping import UInt8

from weldspot.runtime import processes
from weldspot.runtime.engines.files import Files
from weldspot.runtime.plugins import resolver

Bytes = UInt8[np.ndarray, " length"]
Answer = tuple[bytes, list[Bytes]]  # a pickled (whether it went well, result or error), and the files that were written
Item = TypeVar("Item")


def begin(plugins: Path) -> None:
    """Once a process."""
    resolver.use(plugins)
    processes.tuned()


def run(work: bytes, files: Sequence[Bytes]) -> Answer:
    """Does a pickled (function, item); `files`: the bytes of what the item reads. Errors are handed back too."""
    function, item = pickle.loads(work)
    if not isinstance(item, Files):
        return pickle.dumps(_tried(function, item)), []
    with tempfile.TemporaryDirectory(prefix="weldspot-task-") as folder:
        reads = _places(Path(folder, "reads"), item.reads)
        writes = _places(Path(folder, "writes"), item.writes)
        for path, data in zip(reads, files, strict=True):
            path.write_bytes(memoryview(data))
        went_well, value = _tried(function, item.moved(reads, writes))
        if went_well:
            return pickle.dumps((True, value)), [np.fromfile(path, np.uint8) for path in writes]
        here, there = (*reads, *writes), (*item.reads, *item.writes)
        return pickle.dumps((False, _named(value, dict(zip(map(str, here), map(str, there), strict=True))))), []


def _places(folder: Path, paths: Sequence[Path]) -> tuple[Path, ...]:
    places = tuple(folder / str(index) / path.name for index, path in enumerate(paths))
    for place in places:
        place.parent.mkdir(parents=True)
    return places


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
