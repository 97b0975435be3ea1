"""The image table: Parquet shards that pandas, Spark and Ray read as they are.

A row is an image: `id` (SHA-256 of `image`), `image` (encoded bytes), `labels` (class names in canonical order),
`group` (images of one scene share it; a split never cuts through one), `source`, and what a stage adds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypedDict, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Shaped

from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

BOX = pa.struct([("label", pa.string()), *((side, pa.float32()) for side in ("xmin", "ymin", "xmax", "ymax"))])

INGESTED = pa.schema(
    [
        ("id", pa.string()),
        ("image", pa.binary()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("labels", pa.list_(pa.string())),
        ("boxes", pa.list_(BOX)),  # pixels of this image; empty where the source has none
        ("source", pa.string()),  # export | background | crop | feedback
        ("name", pa.string()),  # path in the export; a crop has its parent's
        ("group", pa.string()),
        ("age", pa.int32()),  # 0, or the place of its feedback batch in the order of arrival
    ]
)
QUALITY = ("brightness", "contrast", "sharpness", "colourfulness", "noise", "aspect")
PREPROCESSED = pa.schema(
    [
        ("id", pa.string()),  # the ingested image's id: one photograph keeps one name through the graph
        ("image", pa.binary()),
        ("labels", pa.list_(pa.string())),
        ("boxes", pa.list_(BOX)),  # pixels of this image
        ("source", pa.string()),
        ("name", pa.string()),
        ("group", pa.string()),
        ("age", pa.int32()),
        *((statistic, pa.float32()) for statistic in QUALITY),
    ]
)
AUGMENTED = pa.schema(
    [
        ("id", pa.string()),
        ("variant", pa.int32()),  # 1..N; the original is variant 0 in the split's manifest
        ("image", pa.binary()),
        ("placement", pa.list_(pa.float32(), 6)),  # rows of a 2×3 matrix: pixel of the original → pixel of this one
        ("labels", pa.list_(pa.string())),
        ("group", pa.string()),
    ]
)


class BoxRow(TypedDict):
    """A box in pixels of its image."""

    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float


class IngestedRow(TypedDict):
    """A row of INGESTED; only feedback that was left out has no group, and it is in no table."""

    id: str
    image: bytes
    width: int
    height: int
    labels: list[str]
    boxes: list[BoxRow]
    source: str
    name: str
    group: str | None
    age: int


class PreprocessedRow(TypedDict):
    """A row of PREPROCESSED."""

    id: str
    image: bytes
    labels: list[str]
    boxes: list[BoxRow]
    source: str
    name: str
    group: str
    age: int
    brightness: float
    contrast: float
    sharpness: float
    colourfulness: float
    noise: float
    aspect: float


class AugmentedRow(TypedDict):
    """A row of AUGMENTED."""

    id: str
    variant: int
    image: bytes
    placement: list[float]
    labels: list[str]
    group: str


Row = TypeVar("Row", IngestedRow, PreprocessedRow, AugmentedRow)
Columns = TypeVar("Columns")

# pages carry checksums, which every reader checks: a byte that flips on the disk must not pass for a photograph
_HELD: Final = {"use_dictionary": False, "write_page_checksum": True}
_NUMBERS = {pa.int32(): np.int32, pa.float32(): np.float32}


def content_id(data: bytes) -> str:
    """SHA-256 of the encoded bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def box_row(label: str, xmin: float, ymin: float, xmax: float, ymax: float) -> BoxRow:
    """A box as the table has it."""
    return {"label": label, "xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}


def shards(folder: Path) -> list[Path]:
    """The shards of a table, in order."""
    return sorted(folder.glob("images-*.parquet"))


def shard_path(folder: Path, index: int) -> Path:
    """Where a shard of a table lies."""
    return folder / f"images-{index:05d}.parquet"


def write_shard(path: Path, rows: Sequence[Row], schema: pa.Schema) -> None:
    """One shard; the same rows give the same bytes. Images are compressed already, so only the rest is."""
    compression = {name: "none" if name == "image" else "zstd" for name in schema.names}
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, path, compression=compression, row_group_size=64, **_HELD)


def write_record_batches(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
    """One shard, written as the record batches come, for stages that keep most columns as they are."""
    compression = {name: "none" if name == "image" else "zstd" for name in schema.names}
    with pq.ParquetWriter(path, schema, compression=compression, **_HELD) as writer:
        for batch in batches:
            writer.write_batch(batch, row_group_size=64)


def record_batch(
    columns: Mapping[str, pa.Array | Shaped[np.ndarray, "rows ..."] | list[bytes]], schema: pa.Schema
) -> pa.RecordBatch:
    """A record batch of Arrow columns, numbers (of int32 and float32, one or a list of one length) and encoded images.

    New columns are made from buffers: pa.array() would import pandas, a second that every worker process pays.
    """
    arrays = [_column(columns[field.name], field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _column(values: pa.Array | Shaped[np.ndarray, "rows ..."] | list[bytes], kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, np.ndarray) and values.ndim == 2:
        return pa.FixedSizeListArray.from_arrays(_column(values.reshape(-1), kind.value_type), values.shape[1])
    if isinstance(values, np.ndarray):
        numbers = np.ascontiguousarray(values, _NUMBERS[kind])
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    offsets = np.cumsum([0, *map(len, values)])
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(kind, len(values), buffers)


def write_shards(folder: Path, rows: Iterable[Row], schema: pa.Schema, shard_rows: int) -> int:
    """Writes `images-00000.parquet`, … into an existing folder as a stream; returns the number of rows."""
    stream, total = iter(rows), 0
    for index in range(10**5):
        shard = list(islice(stream, shard_rows))
        if not shard:
            return total
        write_shard(shard_path(folder, index), shard, schema)
        total += len(shard)
    raise AssertionError("more than 100,000 shards")


def record_batches(path: Path, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """One shard, streamed by row group so that memory stays flat; raises Damaged."""
    with state_files.reading(path, state_files.FROM_GRAPH):
        file = state_files.parquet(path, columns or [], state_files.FROM_GRAPH)
        yield from file.iter_batches(batch_size=64, columns=columns)


def rows(path: Path, kind: type[Columns]) -> Iterator[Columns]:
    """The rows of one shard, streamed; `kind`, a TypedDict, names the columns that are read."""
    for batch in record_batches(path, list(kind.__annotations__)):
        yield from cast(list[Columns], batch.to_pylist())


def column_table(folder: Path, columns: list[str]) -> pa.Table:
    """The named columns of the whole table, in shard order, without reading the image bytes.

    Raises:
        WeldspotError: a shard is damaged, or there is none.
    """
    found = shards(folder)
    if not found:
        raise WeldspotError(f"{folder}: no images; run `dvc repro {folder.name}` first")
    return pa.concat_tables(state_files.read_parquet(shard, columns, state_files.FROM_GRAPH) for shard in found)
