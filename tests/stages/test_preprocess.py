from types import SimpleNamespace

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest

from weldspot.config.parameters import Denoise, Preprocess
from weldspot.runtime.errors import WeldspotError
from weldspot.images import preprocessing
from weldspot.images.table import INGESTED, PREPROCESSED, column_table, content_id, rows, shards, write_shards
from weldspot.stages import preprocess


def params(fit: str = "stretch", median: int = 0) -> SimpleNamespace:
    denoise = Denoise(median=median, gaussian=0, bilateral=0)
    return SimpleNamespace(preprocess=Preprocess(size=64, fit=fit, denoise=denoise, jpeg_quality=90))


def ingested(seed: int) -> dict:
    rng = np.random.default_rng(seed)
    width, height = int(rng.integers(40, 300)), int(rng.integers(40, 300))
    picture = cv2.resize(rng.integers(0, 256, (9, 9, 3), np.uint8), (width, height))
    data = cv2.imencode(".png" if seed % 2 else ".jpg", picture)[1].tobytes()
    labels = ["Crack", "Porosity"][: seed % 3]
    return {
        "id": content_id(data), "image": data, "width": width, "height": height, "labels": labels, "boxes": [],
        "source": "export", "name": f"photo {seed} ü.jpg", "group": f"g{seed // 2}",
    }  # fmt: skip


@pytest.fixture
def table(tmp_path, monkeypatch) -> list[dict]:
    monkeypatch.chdir(tmp_path)
    preprocess.INPUT.mkdir(parents=True)
    found = [ingested(seed) for seed in range(150)]
    write_shards(preprocess.INPUT, found, INGESTED, shard_rows=70)
    return found


def test_same_shards_same_order_right_size(table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    preprocess.main(params())
    assert [p.name for p in shards(preprocess.OUTPUT)] == [p.name for p in shards(preprocess.INPUT)]
    assert pq.read_schema(shards(preprocess.OUTPUT)[0]).names == PREPROCESSED.names
    done = [row for shard in shards(preprocess.OUTPUT) for row in rows(shard)]
    for before, after in zip(table, done, strict=True):
        assert {k: after[k] for k in ("id", "labels", "source", "name", "group")} == {k: before[k] for k in (
            "id", "labels", "source", "name", "group")}  # fmt: skip
        assert cv2.imdecode(np.frombuffer(after["image"], np.uint8), 1).shape == (64, 64, 3)
        assert after["aspect"] == pytest.approx(before["width"] / before["height"])
        assert 0 < after["brightness"] < 255


def test_one_and_two_workers_write_the_same_bytes(table, monkeypatch):
    written = []
    for workers in ("1", "2"):
        monkeypatch.setenv("WELDSPOT_WORKERS", workers)
        preprocess.main(params(median=3))
        written.append([p.read_bytes() for p in shards(preprocess.OUTPUT)])
    assert written[0] == written[1]


def test_statistics_are_the_cameras_whatever_the_fit_and_filter(table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    found = []
    for median in (0, 5):
        preprocess.main(params("letterbox", median))
        found.append(column_table(preprocess.OUTPUT, ["sharpness", "noise"]).to_pylist())
    assert found[0] == found[1]


def test_letterbox_pads(monkeypatch):
    data = cv2.imencode(".png", np.full((50, 200, 3), 255, np.uint8))[1].tobytes()
    encoded, statistics = preprocessing.image(data, 200, 50, params("letterbox").preprocess)
    picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), 0)
    assert picture[32].min() > 250
    assert picture[2].max() < 130
    assert statistics["brightness"] == 255  # the padding does not count


def test_no_input_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeldspotError, match="run `dvc repro ingest`"):
        preprocess.main(params())


def test_a_failure_leaves_the_old_output(table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    preprocess.main(params())
    before = [p.read_bytes() for p in shards(preprocess.OUTPUT)]
    write_shards(preprocess.INPUT, [table[0] | {"image": b"broken"}], INGESTED, shard_rows=70)
    with pytest.raises(WeldspotError, match="photo 0"):
        preprocess.main(params())
    assert [p.read_bytes() for p in shards(preprocess.OUTPUT)] == before
