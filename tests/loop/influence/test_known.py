"""Fingerprints of the graph's photographs: made once, found again, made anew with another table."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from uploads import jpeg

from weldspot.images import table
from weldspot.loop.influence import known
from weldspot.workspace import Workspace


def ingested(workspace: Workspace, *seeds: int) -> Path:
    folder = workspace.artifact("ingest")
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": f"{seed:064x}", "image": jpeg(seed, 96), "labels": ["Crack", "Porosity"], "source": source, "name": "n"}
        for seed in seeds for source in ("export", "crop")
    ]  # fmt: skip
    path = table.shard_path(folder, 0)
    pq.write_table(pa.Table.from_pylist(rows, table.INGESTED), path)
    return path


def test_they_are_kept_and_made_anew_with_another_table(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ingested(workspace, 1, 2)
    found = known.read(workspace)
    assert (len(found), found.labels[0], found.ids[1]) == (2, ["Crack", "Porosity"], f"{2:064x}")
    assert found.picture(1) == jpeg(2, 96)
    with monkeypatch.context() as once:
        once.setattr(known, "map_shards", lambda *_: pytest.fail("they were kept"))
        again = known.read(workspace)
    assert np.array_equal(again.prints, found.prints)
    assert again.labels == found.labels
    ingested(workspace, 3).touch()
    assert [len(known.read(workspace)), known.read(workspace).ids[0]] == [1, f"{3:064x}"]
    assert found.picture(0) == b"", "of a table that is gone"
    whole = workspace.known.read_bytes()
    for data in (b"damaged", b"", whole[: len(whole) // 2], whole[:40] + bytes(60) + whole[100:]):
        workspace.known.write_bytes(data)
        assert len(known.read(workspace)) == 1


def test_nothing_is_known_where_the_graph_has_not_run(workspace: Workspace) -> None:
    found = known.read(workspace)
    assert (len(found), found.prints.shape) == (0, (0, 1024))
