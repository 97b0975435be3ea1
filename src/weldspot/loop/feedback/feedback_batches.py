"""Feedback batches: immutable Parquet files of photographs that welders have corrected.

A row is one upload: the photograph without the camera's metadata, the welder's labels, the scores of the model that the
phone ran, the list of classes that both are of, and where it came from. Ingest reads `image` and `labels`; the drift
gate reads the rest. Batches of older code have a column of scores for each class in place of `scores` and `classes`.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weldspot.loop.feedback import quarantine
from weldspot.loop.feedback.spool import Via
from weldspot.loop.feedback.upload_metadata import Upload
from weldspot.runtime import atomic, state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

SCHEMA = pa.schema(
    [
        ("id", pa.string()),  # the upload's own name, a UUID
        ("image", pa.binary()),  # JPEG, upright, without metadata
        ("labels", pa.list_(pa.string())),  # the welder's, of `classes` and in their order
        ("classes", pa.list_(pa.string())),  # the list that the phone had
        ("scores", pa.list_(pa.float32())),  # the model's, 0 to 1, in the order of `classes`
        ("model", pa.string()),  # SHA-256 of the .tflite that gave them
        ("taken", pa.timestamp("ms", tz="UTC")),
        ("device", pa.string()),
        ("uploader", pa.string()),
        ("note", pa.string()),
        ("origin", pa.string()),  # where the upload lay: feedback/{uploader}/{id}.jpg
        ("via", pa.string()),  # loopback: only this machine could send it; else network, which older batches count as
    ]
)


@dataclass(frozen=True)
class Corrected:
    """One upload on its way into a batch: `origin` is its name, `image` its canonical JPEG."""

    origin: str
    image: bytes
    upload: Upload
    via: Via = "network"


def write(workspace: "Workspace", corrected: Sequence[Corrected], now: datetime | None = None) -> Path:
    """One immutable batch in the inbox, named after the time and its uploads; durable when the call returns."""
    digest = hashlib.sha256("\n".join(sorted(one.origin for one in corrected)).encode()).hexdigest()[:12]
    path = workspace.inbox / f"{now or datetime.now(UTC):%Y%m%dT%H%M%S}-{digest}.parquet"
    save(path, pa.Table.from_pylist([_row(one) for one in corrected], SCHEMA))
    return path


def save(path: Path, table: pa.Table) -> None:
    """Writes a batch of these rows, in place of one that may be there; durable when it returns."""
    buffer = io.BytesIO()
    pq.write_table(
        table,
        buffer,
        compression={name: "none" if name == "image" else "zstd" for name in table.schema.names},
        use_dictionary=False,
        row_group_size=64,
        write_page_checksum=True,  # a batch lies about for years: a byte that flips must not pass for a photograph
    )
    atomic.write_bytes(path, buffer.getbuffer())


def whole(path: Path) -> pa.Table:
    """All of a batch, as it is; raises Damaged."""
    file = opened(path)
    with state_files.reading(path, state_files.FROM_DATA):
        return file.read()


def collected_at(path: Path) -> datetime | None:
    """When a batch was written, by its name; None for one that was named by hand."""
    try:
        return datetime.strptime(path.name.split("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def origins(path: Path) -> list[str]:
    """Names of the uploads in a batch; those made by hand may lack them. Raises Damaged."""
    with state_files.reading(path, state_files.FROM_DATA):
        file = opened(path)
        if "origin" not in file.schema_arrow.names:
            return []
        return [name for name in file.read(columns=["origin"])["origin"].to_pylist() if name]


def opened(path: Path, columns: Sequence[str] = ("image", "labels")) -> pq.ParquetFile:
    """A batch, open; raises Damaged when it can't be read or lacks one of the columns."""
    return state_files.parquet(path, columns, state_files.FROM_DATA)


def said(path: Path) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """The labels of each photograph, and the list that they are of: two columns of lists of names. Raises Damaged."""
    file = opened(path)
    older = _older_classes(file)
    with state_files.reading(path, state_files.FROM_DATA):
        rows = file.read(columns=["labels"] if older else ["labels", "classes"])
        lists = _constant(older, len(rows)) if older else rows["classes"]
        for name, column in (("labels", rows["labels"]), ("classes", lists)):
            if column.null_count or pc.any(pc.equal(pc.list_value_length(column), 0)).as_py():
                raise ValueError(f"a photograph without {name}")
        return rows["labels"], lists


def scored(file: pq.ParquetFile, group: int, path: Path) -> pa.Table:
    """Of a row group: id, image, labels, classes, scores, model, every cell there and every score a number.

    Raises:
        Damaged: something is missing.
    """
    older = _older_classes(file)
    columns = ["id", "image", "labels", *(older or ["classes", "scores"]), "model"]
    with state_files.reading(path, state_files.FROM_DATA):
        rows = file.read_row_group(group, columns=columns)
        if missing := [name for name in columns if rows[name].null_count]:
            raise ValueError(f"a photograph without {missing[0]}")
        if older:
            table = np.stack([rows[name].to_numpy() for name in older], axis=1)
            rows = rows.drop_columns(older).append_column("classes", _constant(older, len(rows)))
            rows = rows.append_column("scores", pa.array(list(table), pa.list_(pa.float32())))
        if not np.isfinite(pc.list_flatten(rows["scores"]).to_numpy(zero_copy_only=False)).all():
            raise ValueError("a number is missing")
        if not pc.all(pc.equal(pc.list_value_length(rows["scores"]), pc.list_value_length(rows["classes"]))).as_py():
            raise ValueError("a score is missing")
        return rows


def _older_classes(file: pq.ParquetFile) -> list[str]:
    """The classes that an older batch has a column of each; empty for one of today's form. Raises Damaged without."""
    names = file.schema_arrow.names
    return [] if "classes" in names else [name for name in names if name not in SCHEMA.names]


def _constant(names: list[str], count: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([names] * count, pa.list_(pa.string()))])


def known(workspace: "Workspace") -> set[str]:
    """Names of the uploads that are in a batch (also in one of those refused) or in quarantine.

    Raises:
        Damaged: a batch, or an entry of quarantine.
    """
    names: set[str] = set()
    for path in _batches(workspace):
        names.update(origins(path))
    return names | quarantine.names(workspace)


def _row(one: Corrected) -> dict[str, object]:
    """By the columns of SCHEMA."""
    said = one.upload
    return {
        "id": said.id,
        "image": one.image,
        "labels": said.labels,
        "classes": said.classes,
        "scores": said.scores,
        "model": said.model,
        "taken": said.taken,
        "device": said.device,
        "uploader": said.uploader,
        "note": said.note,
        "origin": one.origin,
        "via": one.via,
    }


def _batches(workspace: "Workspace") -> Iterator[Path]:
    for folder in (workspace.inbox, workspace.feedback, workspace.rejected):
        yield from sorted(folder.glob("*.parquet"))
