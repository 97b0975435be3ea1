"""Every photograph at the network's size, with the statistics of its camera."""

from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest

from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.images.table import (
    INGESTED,
    PREPROCESSED,
    IngestedRow,
    PreprocessedRow,
    column_table,
    content_id,
    rows,
    shards,
    write_shards,
)
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import preprocess
from weldspot.workspace import Workspace


def params(fit: str = "stretch", median: int = 0) -> preprocess.Params:
    denoise = Denoise(median=median, gaussian=0, bilateral=0)
    return preprocess.Params(preprocess=Preprocess(size=64, fit=fit, denoise=denoise, jpeg_quality=90))


def ingested(seed: int) -> IngestedRow:
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(40, 300)), int(rng.integers(40, 300))
    picture = cv2.resize(rng.integers(0, 256, (9, 9, 3), np.uint8), (width, height))
    data = cv2.imencode(".png" if seed % 2 else ".jpg", picture)[1].tobytes()
    labels = ["Crack", "Porosity"][: seed % 3]
    return {
        "id": content_id(data), "image": data, "width": width, "height": height, "labels": labels, "boxes": [],
        "source": "export", "name": f"photo {seed} ü.jpg", "group": f"g{seed // 2}", "age": seed,
    }  # fmt: skip


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def source(workspace) -> Path:
    """Where preprocess reads."""
    folder = workspace.artifact("ingest")
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def table(source) -> list[IngestedRow]:
    found = [ingested(seed) for seed in range(150)]
    write_shards(source, found, INGESTED, shard_rows=70)
    return found


def written(workspace: Workspace) -> list[Path]:
    return shards(workspace.artifact("preprocess"))


def test_same_shards_same_order_right_size(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    preprocess.main(workspace, params())
    assert [p.name for p in written(workspace)] == [p.name for p in shards(source)]
    assert pq.read_schema(written(workspace)[0]).names == PREPROCESSED.names
    done = [row for shard in written(workspace) for row in rows(shard, PreprocessedRow)]
    for before, after in zip(table, done, strict=True):
        assert {k: after[k] for k in ("id", "labels", "source", "name", "group")} == {k: before[k] for k in (
            "id", "labels", "source", "name", "group")}  # fmt: skip
        assert cv2.imdecode(np.frombuffer(after["image"], np.uint8), 1).shape == (64, 64, 3)
        assert after["aspect"] == pytest.approx(before["width"] / before["height"])
        assert 0 < after["brightness"] < 255


def test_one_and_two_workers_write_the_same_bytes(workspace, source, table, monkeypatch):
    outputs = []
    for workers in ("1", "2"):
        monkeypatch.setenv("WELDSPOT_WORKERS", workers)
        preprocess.main(workspace, params(median=3))
        outputs.append([p.read_bytes() for p in written(workspace)])
    assert outputs[0] == outputs[1]


def test_statistics_are_the_cameras_whatever_the_fit_and_filter(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    found = []
    for median in (0, 5):
        preprocess.main(workspace, params("letterbox", median))
        found.append(column_table(workspace.artifact("preprocess"), ["sharpness", "noise"]).to_pylist())
    assert found[0] == found[1]


def test_no_input_is_one_clear_line(workspace):
    with pytest.raises(WeldspotError, match="run `dvc repro ingest`"):
        preprocess.main(workspace, params())


def test_a_failure_leaves_the_old_output(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    preprocess.main(workspace, params())
    before = [p.read_bytes() for p in written(workspace)]
    write_shards(source, [table[0] | {"image": b"broken"}], INGESTED, shard_rows=70)
    with pytest.raises(WeldspotError, match="photo 0"):
        preprocess.main(workspace, params())
    assert [p.read_bytes() for p in written(workspace)] == before
