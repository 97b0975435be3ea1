"""Boxes and placements out of the tables."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weldspot.images import table
from weldspot.images.places import reading
from weldspot.runtime.errors import WeldspotError


def test_variants_share_the_boxes_of_their_photograph(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"{k}",
            "image": b"",
            "labels": ["Crack"],
            "boxes": [table.box_row("Crack", float(k), 0.0, k + 1.0, 1.0)],
        }
        for k in range(5)
    ]
    table.write_shards(tmp_path, rows, table.PREPROCESSED, shard_rows=2)
    found = reading.boxes(tmp_path, pa.chunked_array([["4", "0"], ["4"]]), ("Crack",))
    assert [found.shapes(k)[1][0, 0].tolist() for k in range(3)] == [[4, 0], [0, 0], [4, 0]]


def test_a_placement_is_that_of_its_row(tmp_path: Path) -> None:
    rows = [{"id": "a", "variant": v, "placement": [1, 0, v, 0, 1, 0]} for v in (1, 2, 3)]
    table.write_shards(tmp_path, rows, table.AUGMENTED, shard_rows=9)
    (shard,) = table.shards(tmp_path)
    assert reading.placements(shard, np.array([2, 0]))[:, 2].tolist() == [3, 1]


def test_tables_of_older_code_are_made_anew(tmp_path: Path) -> None:
    schema = pa.schema([field for field in table.PREPROCESSED if field.name != "boxes"])
    table.write_shard(table.shard_path(tmp_path, 0), [{"id": "a"}], schema)
    with pytest.raises(WeldspotError, match=r"without the column boxes.*dvc repro"):
        reading.boxes(tmp_path, pa.chunked_array([["a"]]), ("Crack",))
