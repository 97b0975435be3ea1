"""The image table: Parquet shards that pandas, Spark and Ray read as they are.

A row is an image: `id` (SHA-256 of `image`), `image` (encoded bytes), `labels` (class names in canonical order),
`group` (images of one scene share it; a split never cuts through one), `source`, and what a stage adds.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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
    ]
)
QUALITY = ("brightness", "contrast", "sharpness", "colourfulness", "noise", "aspect")
PREPROCESSED = pa.schema(
    [
        ("id", pa.string()),  # the ingested image's id: one photograph keeps one name through the graph
        ("image", pa.binary()),
        ("labels", pa.list_(pa.string())),
        ("source", pa.string()),
        ("name", pa.string()),
        ("group", pa.string()),
        *((statistic, pa.float32()) for statistic in QUALITY),
    ]
)
AUGMENTED = pa.schema(
    [
        ("id", pa.string()),
        ("variant", pa.int32()),  # 1..N; the original is variant 0 in the split's manifest
        ("image", pa.binary()),
        ("labels", pa.list_(pa.string())),
        ("group", pa.string()),
    ]
)


def content_id(data: bytes) -> str:
    """SHA-256 of the encoded bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def shards(folder: Path) -> list[Path]:
    """The shards of a table, in order."""
    return sorted(folder.glob("images-*.parquet"))


def shard_path(folder: Path, index: int) -> Path:
    return folder / f"images-{index:05d}.parquet"


def write_shard(path: Path, rows: list[dict], schema: pa.Schema) -> None:
    """One shard; the same rows give the same bytes. Images are compressed already, so only the rest is."""
    compression = {name: "none" if name == "image" else "zstd" for name in schema.names}
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, path, compression=compression, use_dictionary=False, row_group_size=64)


def write_shards(folder: Path, rows: Iterable[dict], schema: pa.Schema, shard_rows: int) -> int:
    """Writes `images-00000.parquet`, … into an existing folder as a stream; returns the number of rows."""
    stream, total = iter(rows), 0
    for index in range(10**5):
        batch = list(islice(stream, shard_rows))
        if not batch:
            return total
        write_shard(shard_path(folder, index), batch, schema)
        total += len(batch)
    raise AssertionError("more than 100,000 shards")


def rows(path: Path, columns: list[str] | None = None) -> Iterator[dict]:
    """The rows of one shard, streamed by row group so that memory stays flat."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64, columns=columns):
        yield from batch.to_pylist()


def column_table(folder: Path, columns: list[str]) -> pa.Table:
    """The named columns of the whole table, in shard order, without reading the image bytes."""
    return pa.concat_tables(pq.read_table(shard, columns=columns) for shard in shards(folder))
