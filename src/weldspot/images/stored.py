"""Encoded pictures where they lie in the shards of a table: each is read when it is asked for, none is kept.

A shard holds its images uncompressed (`table.write_shard`), so the bytes of one are a slice of the file. Looking for
the slices reads a shard once, with its checksums; after that memory holds 16 bytes a picture, and no copy is made.
"""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Int, Int32, Int64

from weldspot.runtime import state_files
from weldspot.runtime.state_files import FROM_GRAPH, Damaged

_HELD = 256  # shards that stay open; a million pictures lie in more than a process may hold


class _Version(NamedTuple):
    """Which file it was whose slices are known: another one under its name has others."""

    inode: int
    bytes: int
    changed: int


class _Shard:
    """An open file, for as long as somebody knows it; that it is the one that was looked through is checked once."""

    def __init__(self, path: Path, version: _Version) -> None:
        with state_files.reading(path, FROM_GRAPH):
            try:
                self.handle = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                raise Damaged(path, "gone while it was read", FROM_GRAPH) from None
            if _version(self.handle) != version:
                raise Damaged(path, "changed while it was read", FROM_GRAPH)

    def __del__(self) -> None:
        if hasattr(self, "handle"):
            os.close(self.handle)


def _shards() -> Callable[[Path, _Version], _Shard]:
    return lru_cache(_HELD)(_Shard)


@dataclass(frozen=True)
class Stored:
    """n encoded pictures: `shard` (a position in `files`), `start` and `size` (bytes) of each."""

    files: tuple[Path, ...]
    versions: tuple[_Version, ...]
    shard: Int32[np.ndarray, " n"]
    start: Int64[np.ndarray, " n"]
    size: Int32[np.ndarray, " n"]
    opened: Callable[[Path, _Version], _Shard] = field(default_factory=_shards, repr=False)

    def __len__(self) -> int:
        return len(self.shard)

    def __getitem__(self, index: int) -> bytes:
        """The encoded bytes of one picture.

        Raises:
            WeldspotError: its shard is no longer the one that was looked through.
        """
        number = self.shard[index]
        shard = self.opened(self.files[number], self.versions[number])  # held here, so that nobody closes it meanwhile
        return os.pread(shard.handle, self.size[index], self.start[index])

    def path(self, index: int) -> Path:
        """The shard of one picture."""
        return self.files[int(self.shard[index])]

    def take(self, rows: Int[np.ndarray, " k"]) -> "Stored":
        """The pictures at these positions."""
        return Stored(self.files, self.versions, self.shard[rows], self.start[rows], self.size[rows], self.opened)


class Slices:
    """Gathers n pictures shard by shard, each under the position that it is to have."""

    def __init__(self, n: int) -> None:
        self._files: list[Path] = []
        self._versions: list[_Version] = []
        self._shard, self._start, self._size = np.full(n, -1, np.int32), np.zeros(n, np.int64), np.zeros(n, np.int32)

    def add(self, path: Path, rows: Int[np.ndarray, " k"], positions: Int[np.ndarray, " k"]) -> None:
        """The pictures in these rows (ascending) of a shard.

        Raises:
            WeldspotError: the shard is damaged, or does not hold its images as they are.
        """
        with state_files.reading(path, FROM_GRAPH):
            file = state_files.parquet(path, ["image"], FROM_GRAPH)
            handle = os.open(path, os.O_RDONLY)
            try:
                found = _slices(file, handle, rows)
                self._versions.append(_version(handle))
            finally:
                os.close(handle)
        self._shard[positions] = len(self._files)
        self._start[positions], self._size[positions] = found.T
        self._files.append(path)

    def missing(self) -> int:
        """How many positions have no picture yet."""
        return int((self._shard < 0).sum())

    def stored(self) -> Stored:
        """All of them."""
        return Stored(tuple(self._files), tuple(self._versions), self._shard, self._start, self._size)


def _version(handle: int) -> _Version:
    found = os.fstat(handle)
    return _Version(found.st_ino, found.st_size, found.st_mtime_ns)


def _slices(file: pq.ParquetFile, handle: int, rows: Int[np.ndarray, " k"]) -> Int64[np.ndarray, "k 2"]:
    """Start and size of the images in these rows, a row group at a time."""
    found, first = [], 0
    for group in range(file.num_row_groups):
        chunk = file.metadata.row_group(group)
        inside = rows[np.searchsorted(rows, first) : np.searchsorted(rows, first + chunk.num_rows)] - first
        if len(inside):
            found.append(_in_group(file, handle, group)[inside])
        first += chunk.num_rows
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _in_group(file: pq.ParquetFile, handle: int, group: int) -> Int64[np.ndarray, "rows 2"]:
    """Start and size of all images of a row group: Parquet's PLAIN writes each after its length, page after page."""
    column = next(
        found
        for k in range(file.metadata.num_columns)
        if (found := file.metadata.row_group(group).column(k)).path_in_schema == "image"
    )
    begin = column.data_page_offset
    raw = os.pread(handle, column.total_compressed_size, begin)
    found, at = [], 0
    for image in file.read_row_group(group, columns=["image"])["image"]:  # checks the pages' checksums
        at = _next(raw, at, image.as_buffer())
        found.append((begin + at, len(image.as_buffer())))
        at += len(image.as_buffer())
    return np.array(found, np.int64)


def _next(raw: bytes, at: int, image: pa.Buffer) -> int:
    """Where the image begins in the column at or after `at`, behind its length; most often it is the very next."""
    head = struct.pack("<I", len(image))
    start = at + len(head)
    if raw[at:start] == head and memoryview(raw)[start : start + len(image)] == memoryview(image):
        return start
    place = raw.find(head + image.to_pybytes(), at)  # the head of a page lies between
    if place < 0:
        raise ValueError("its images are not stored uncompressed")
    return place + len(head)
