"""Every image has its variants, the same ones wherever they are made."""

from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest

from weldspot.config.sections.augment import Augment, Noise
from weldspot.images.table import (
    AUGMENTED,
    PREPROCESSED,
    QUALITY,
    AugmentedRow,
    PreprocessedRow,
    content_id,
    rows,
    shards,
    write_shards,
)
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import augment
from weldspot.workspace import Workspace


def params(variants: int = 3) -> augment.Params:
    noise = Noise(probability=0.5, gaussian=10.0, poisson=1.0, salt_pepper=0.01)
    return augment.Params(
        augment=Augment(
            variants=variants,
            seed=1,
            rotation=20.0,
            quarter_turns=True,
            zoom=0.2,
            flip_horizontal=0.5,
            flip_vertical=0.5,
            brightness=0.2,
            contrast=0.2,
            saturation=0.2,
            hue=0.02,
            noise=noise,
            blur_probability=0.3,
            blur_sigma=1.5,
            cutout_probability=0.3,
            cutout_fraction=0.2,
            jpeg_quality=90,
        )
    )


def preprocessed(seed: int) -> PreprocessedRow:
    picture = cv2.resize(np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8), (48, 48))
    data = cv2.imencode(".jpg", picture)[1].tobytes()
    base = {"id": content_id(data), "image": data, "labels": ["Crack"][: seed % 2], "group": f"g{seed}", "age": 0}
    return base | {"source": "export", "name": f"{seed}.jpg"} | dict.fromkeys(QUALITY, 1.0)


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def source(workspace) -> Path:
    """Where augment reads."""
    folder = workspace.artifact("preprocess")
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def table(source) -> list[PreprocessedRow]:
    found = [preprocessed(seed) for seed in range(150)]
    write_shards(source, found, PREPROCESSED, shard_rows=70)
    return found


def written(workspace: Workspace) -> list[Path]:
    return shards(workspace.artifact("augment"))


def done(workspace: Workspace) -> list[AugmentedRow]:
    return [row for shard in written(workspace) for row in rows(shard, AugmentedRow)]


def test_every_image_has_its_variants_in_order(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    augment.main(workspace, params())
    assert [p.name for p in written(workspace)] == [p.name for p in shards(source)]
    assert pq.read_schema(written(workspace)[0]).names == AUGMENTED.names
    found = done(workspace)
    assert [(r["id"], r["variant"]) for r in found] == [(r["id"], v) for r in table for v in (1, 2, 3)]
    assert [(r["labels"], r["group"]) for r in found] == [(r["labels"], r["group"]) for r in table for _ in range(3)]
    assert len({r["image"] for r in found} | {r["image"] for r in table}) == 4 * len(table)
    assert all(cv2.imdecode(np.frombuffer(r["image"], np.uint8), 1).shape == (48, 48, 3) for r in found)


def test_one_and_two_workers_write_the_same_bytes(workspace, source, table, monkeypatch):
    outputs = []
    for workers in ("1", "2"):
        monkeypatch.setenv("WELDSPOT_WORKERS", workers)
        augment.main(workspace, params())
        outputs.append([p.read_bytes() for p in written(workspace)])
    assert outputs[0] == outputs[1]


def test_a_variant_does_not_depend_on_its_neighbours(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    augment.main(workspace, params())
    before = {(r["id"], r["variant"]): r["image"] for r in done(workspace)}
    for shard in shards(source):
        shard.unlink()
    write_shards(source, table[::-7], PREPROCESSED, shard_rows=16)
    augment.main(workspace, params(2))
    found = done(workspace)
    assert len(found) == 2 * len(table[::-7])
    assert all(before[r["id"], r["variant"]] == r["image"] for r in found)


def test_no_variants_is_an_empty_table(workspace, source, table, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    augment.main(workspace, params(0))
    assert len(written(workspace)) == len(shards(source))
    assert done(workspace) == []


def test_no_input_is_one_clear_line(workspace):
    with pytest.raises(WeldspotError, match="run `dvc repro preprocess`"):
        augment.main(workspace, params())
