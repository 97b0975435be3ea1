"""Everything that ingest reads, cut into chunks that a worker can fetch by itself."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from weldspot.labels import BACKGROUND
from weldspot.runtime import state_files
from weldspot.sources.archive import MAX_MEMBER_BYTES, Archive, BadMember
from weldspot.sources.layouts import recognition
from weldspot.sources.record import Record, Rejected, is_image

CHUNK_IMAGES = 64  # at most; a row group of a feedback batch is a chunk as it is


@dataclass(frozen=True)
class Chunk:
    """Some images of one source: `path` is a zip, a folder or (feedback) a Parquet file, of which one row group."""

    source: Literal["export", "background", "feedback"]
    path: Path
    records: tuple[Record, ...]
    row_group: int = 0


def read(chunk: Chunk) -> Iterator[tuple[Record, bytes] | Rejected]:
    """Each image of the chunk with its bytes, in memory one by one."""
    if chunk.source == "feedback":
        yield from _read_feedback(chunk)
    elif chunk.path.is_dir():
        for record in chunk.records:
            yield _read_file(chunk.path, record)
    else:
        with Archive(chunk.path) as archive:
            for record in chunk.records:
                try:
                    yield record, archive.read(record.name)
                except BadMember as error:
                    yield Rejected(record.name, str(error))


def export_chunks(path: Path, layout: str) -> Iterator[Chunk | Rejected]:
    """The vendor's export, read in the layout that was recognised."""
    with Archive(path) as archive:
        yield from _cut("export", path, recognition.read(archive, layout))


def background_chunks(path: Path) -> Iterator[Chunk | Rejected]:
    """A zip of photographs without welds: every image in it is Background."""
    with Archive(path) as archive:
        records = (Record(name, (BACKGROUND,)) for name in archive.names if is_image(name))
        yield from _cut("background", path, [*archive.rejected, *records])


def data_chunks(data: Path) -> Iterator[Chunk | Rejected]:
    """What this project has gathered itself: data/background/ (images) and data/feedback/*.parquet.

    Raises:
        Damaged: a batch of feedback.
    """
    names = sorted(p.relative_to(data).as_posix() for p in (data / "background").rglob("*") if is_image(p.name))
    yield from _cut("background", data, (Record(name, (BACKGROUND,)) for name in names))
    for path in sorted((data / "feedback").rglob("*.parquet")):
        yield from _feedback_chunks(path, path.relative_to(data).as_posix())


def _cut(
    source: Literal["export", "background"], path: Path, items: Iterable[Record | Rejected]
) -> Iterator[Chunk | Rejected]:
    waiting: list[Record] = []
    for item in items:
        if isinstance(item, Rejected):
            yield item
            continue
        waiting.append(item)
        if len(waiting) == CHUNK_IMAGES:
            yield Chunk(source, path, tuple(waiting))
            waiting = []
    if waiting:
        yield Chunk(source, path, tuple(waiting))


def _feedback_chunks(path: Path, name: str) -> Iterator[Chunk]:
    """Raises Damaged: corrections that can't be read stop the graph, a model without them would pass for one with."""
    file = state_files.parquet(path, ["image", "labels"], state_files.FROM_DATA)
    row = 0
    with state_files.reading(path, state_files.FROM_DATA):
        for group in range(file.num_row_groups):
            labels = file.read_row_group(group, columns=["labels"])["labels"].to_pylist()
            records = tuple(Record(f"{name}#{row + i:06d}", _labels(found)) for i, found in enumerate(labels))
            row += len(records)
            yield Chunk("feedback", path, records, group)


def _labels(found: list[object] | None) -> tuple[str, ...]:
    return tuple(str(label) for label in found or ())  # what is no class is rejected by its name


def _read_feedback(chunk: Chunk) -> Iterator[tuple[Record, bytes]]:
    records = iter(chunk.records)
    file = state_files.parquet(chunk.path, ["image"], state_files.FROM_DATA)
    with state_files.reading(chunk.path, state_files.FROM_DATA):
        for rows in file.iter_batches(batch_size=CHUNK_IMAGES, row_groups=[chunk.row_group], columns=["image"]):
            for value in rows["image"]:
                yield next(records), value.as_py() or b""


def _read_file(folder: Path, record: Record) -> tuple[Record, bytes] | Rejected:
    path = folder / record.name
    if path.is_symlink():
        return Rejected(record.name, "a symbolic link")
    try:
        if os.path.getsize(path) > MAX_MEMBER_BYTES:
            return Rejected(record.name, f"more than {MAX_MEMBER_BYTES} bytes")
        return record, path.read_bytes()
    except OSError as error:
        return Rejected(record.name, f"can't be read ({error.strerror})")
