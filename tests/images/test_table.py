"""The image table: the same rows give the same bytes, in shards, read back as they were written."""

import hashlib
from pathlib import Path
from typing import TypedDict, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weldspot.images import table
from weldspot.images.table import AugmentedRow
from weldspot.runtime.errors import WeldspotError


class Named(TypedDict):
    """Two of the columns."""

    id: str
    labels: list[str]


def row(number: int) -> AugmentedRow:
    image = bytes([number % 256]) * (number % 7)
    placement = [1.0, 0.0, float(number), 0.0, 1.0, 0.5]
    labels = ["Crack"][: number % 2]
    return {
        "id": f"{number:x}", "variant": number, "image": image, "placement": placement, "labels": labels, "group": "g",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (table.IngestedRow, table.INGESTED),
        (table.PreprocessedRow, table.PREPROCESSED),
        (table.AugmentedRow, table.AUGMENTED),
        (table.BoxRow, table.BOX),
    ],
)
def test_a_row_has_the_columns_of_its_schema_in_order(kind: type, schema: pa.Schema) -> None:
    assert list(get_type_hints(kind)) == [field.name for field in schema]


def test_an_id_is_the_hash_of_the_bytes() -> None:
    assert table.content_id(b"weld") == hashlib.sha256(b"weld").hexdigest()


@pytest.mark.parametrize(("count", "shards"), [(0, 0), (1, 1), (50, 1), (51, 2), (150, 3)])
def test_rows_come_back_from_their_shards(tmp_path: Path, count: int, shards: int) -> None:
    written = [row(number) for number in range(count)]
    assert table.write_shards(tmp_path, iter(written), table.AUGMENTED, shard_rows=50) == count
    found = table.shards(tmp_path)
    assert found == [table.shard_path(tmp_path, index) for index in range(shards)]
    assert [r for shard in found for r in table.rows(shard, table.AugmentedRow)] == written
    wanted = [{"id": r["id"], "labels": r["labels"]} for r in written]
    assert [r for shard in found for r in table.rows(shard, Named)] == wanted


def test_the_same_rows_give_the_same_bytes_with_images_as_they_are(tmp_path: Path) -> None:
    rows = [row(number) | {"image": b"not compressed twice" * 100} for number in range(70)]
    for name in ("a", "b"):
        table.write_shard(tmp_path / name, rows, table.AUGMENTED)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    groups = pq.ParquetFile(tmp_path / "a").metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [64, 6]
    compression = {c.path_in_schema: c.compression for c in map(groups.row_group(0).column, range(5))}
    assert (compression["image"], compression["id"]) == ("UNCOMPRESSED", "ZSTD")


def test_a_byte_that_flips_in_a_shard_does_not_pass_for_a_photograph(tmp_path: Path) -> None:
    rows = [row(number) | {"image": bytes([number]) * 1000} for number in range(70)]
    batch = pa.RecordBatch.from_pylist(rows, schema=table.AUGMENTED)
    table.write_shard(tmp_path / "rows", rows, table.AUGMENTED)
    table.write_record_batches(tmp_path / "batches", [batch], table.AUGMENTED)
    for path in (tmp_path / "rows", tmp_path / "batches"):
        data = bytearray(path.read_bytes())
        data[data.index(rows[33]["image"]) + 500] ^= 1
        path.write_bytes(data)
        with pytest.raises(WeldspotError, match=f"{path.name}: damaged .*; `dvc repro` makes it anew"):
            list(table.rows(path, table.AugmentedRow))


def test_record_batches_made_of_arrays_are_those_made_of_rows(tmp_path: Path) -> None:
    rows = [row(number) for number in range(70)]
    table.write_shard(tmp_path / "rows", rows, table.AUGMENTED)
    batches = [
        table.record_batch(
            {
                **{name: batch.column(name) for name in ("id", "labels", "group")},
                "variant": batch.column("variant").to_numpy().astype(np.int64),
                "image": batch.column("image").to_pylist(),
                "placement": np.array(batch.column("placement").to_pylist(), np.float32),
            },
            table.AUGMENTED,
        )
        for batch in table.record_batches(tmp_path / "rows")
    ]
    table.write_record_batches(tmp_path / "batches", batches, table.AUGMENTED)
    assert pq.read_table(tmp_path / "batches").equals(pq.read_table(tmp_path / "rows"))
    assert list(table.rows(tmp_path / "batches", table.AugmentedRow)) == rows


def test_columns_of_all_shards_are_one_table(tmp_path: Path) -> None:
    table.write_shards(tmp_path, map(row, range(30)), table.AUGMENTED, shard_rows=16)
    found = table.column_table(tmp_path, ["variant", "id"])
    assert found.column_names == ["variant", "id"]
    assert found["variant"].to_pylist() == list(range(30))


def test_a_box_has_its_sides_by_name() -> None:
    assert table.box_row("Crack", 1.0, 2.0, 3.0, 4.0) == {"label": "Crack", "xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}
