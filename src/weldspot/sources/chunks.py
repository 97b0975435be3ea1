"""Everything that ingest reads, cut into chunks that a worker can fetch by itself."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from weldspot.runtime import state_files
from weldspot.sources.archive import MAX_MEMBER_BYTES, Archive, BadMember, is_foreign_link
from weldspot.sources.layouts import recognition
from weldspot.sources.members import Members, look
from weldspot.sources.record import PassedOver, Record, Rejected

CHUNK_IMAGES = 64  # at most; a row group of a feedback batch is a chunk as it is


@dataclass(frozen=True)
class Chunk:
    """Some images of one source: `path` is a zip, a folder or (feedback) a Parquet file, of which one row group."""

    source: Literal["export", "background", "feedback"]
    path: Path
    records: tuple[Record, ...]
    row_group: int = 0
    held: tuple[tuple[Record, bytes] | Rejected, ...] | None = None  # all that `read` would give, where it was read


def held(chunk: Chunk) -> Chunk:
    """The chunk with its images in it, to be read where its source is not."""
    return replace(chunk, held=tuple(read(chunk)), records=())


def read(chunk: Chunk) -> Iterator[tuple[Record, bytes] | Rejected]:
    """Each image of the chunk with its bytes, in memory one by one."""
    if chunk.held is not None:
        yield from chunk.held
    elif chunk.source == "feedback":
        yield from _read_feedback(chunk)
    elif chunk.path.is_dir():
        for record in chunk.records:
            yield _read_file(chunk.path, record)
    else:
        state = chunk.path.stat()
        archive = _opened(chunk.path, state.st_size, state.st_mtime_ns)
        for record in chunk.records:
            try:
                yield record, archive.read(record.name)
            except BadMember as error:
                yield Rejected(record.name, str(error))


@lru_cache(maxsize=1)
def _opened(path: Path, size: int, modified: int) -> Archive:
    """Stays open for the next chunk: to list a zip of 100,000 members takes a second, to read a chunk of them less."""
    return Archive(path)


def export_chunks(path: Path, layout: str) -> Iterator[Chunk | Rejected | PassedOver]:
    """The vendor's export, read in the layout that was recognised."""
    with Archive(path) as archive:
        yield from _cut("export", path, recognition.read(archive, layout))


def background_chunks(path: Path, background: str | None) -> Iterator[Chunk | Rejected | PassedOver]:
    """A zip of photographs with nothing on them: every image in it is of the class `background`."""
    with Archive(path) as archive:
        items = _all_background(look(archive.names, archive.head), background)
        yield from _cut("background", path, [*archive.rejected, *archive.passed_over, *items])


def data_chunks(data: Path, background: str | None) -> Iterator[Chunk | Rejected | PassedOver]:
    """What this project has gathered itself: data/background/ (images) and data/feedback/*.parquet.

    Raises:
        Damaged: a batch of feedback.
    """
    found = (path for path in (data / "background").rglob("*") if path.is_symlink() or not path.is_dir())
    names = sorted(path.relative_to(data).as_posix() for path in found)
    hidden = [name for name in names if "/." in name]
    members = look((name for name in names if "/." not in name), lambda name, length: _head(data / name, length))
    passed_over = (PassedOver(name, "hidden: a name on its path begins with a dot") for name in hidden)
    yield from _cut("background", data, [*passed_over, *_all_background(members, background)])
    for path in sorted((data / "feedback").rglob("*.parquet")):
        yield from _feedback_chunks(path, path.relative_to(data).as_posix())


def stamps(data: Path) -> dict[str, tuple[int, int, int]]:
    """What lies in data/background and data/feedback: path → size and times, which another content changes."""
    found = {}
    for path in sorted(path for folder in ("background", "feedback") for path in (data / folder).rglob("*")):
        if not path.is_dir():
            state = path.lstat()
            found[path.relative_to(data).as_posix()] = (state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return found


def _all_background(members: Members, background: str | None) -> Iterator[Record | Rejected | PassedOver]:
    for name in members.images:
        reason = members.unread.get(name)
        if background is None:
            yield PassedOver(
                name, "a photograph with nothing on it, for which the list has no class (labels.background)"
            )
        else:
            yield Rejected(name, reason) if reason else Record(name, (background,))
    yield from (PassedOver(name, "not an image") for name in members.others)


def _head(path: Path, length: int) -> bytes:
    if is_foreign_link(path) or not path.is_file():
        return b""
    try:
        with path.open("rb") as stream:
            return stream.read(length)
    except OSError:
        return b""


def _cut(
    source: Literal["export", "background"], path: Path, items: Iterable[Record | Rejected | PassedOver]
) -> Iterator[Chunk | Rejected | PassedOver]:
    waiting: list[Record] = []
    for item in items:
        if not isinstance(item, Record):
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
    if is_foreign_link(path):
        return Rejected(record.name, "a symbolic link")
    try:
        if os.path.getsize(path) > MAX_MEMBER_BYTES:
            return Rejected(record.name, f"more than {MAX_MEMBER_BYTES} bytes")
        return record, path.read_bytes()
    except OSError as error:
        return Rejected(record.name, f"can't be read ({error.strerror})")
