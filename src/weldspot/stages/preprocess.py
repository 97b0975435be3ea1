"""preprocess: every ingested image at the network's size, denoised, with its quality statistics."""

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from weldspot.config.parameters import Params, Preprocess
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards
from weldspot.images.preprocessing import image
from weldspot.images.table import PREPROCESSED, QUALITY, batch_of, batches, shards, write_batches
from weldspot.runtime.atomic import whole

INPUT, OUTPUT = Path("artifacts/ingest"), Path("artifacts/preprocess")
_READ = ["id", "image", "width", "height", "labels", "source", "name", "group"]


def shard(path: Path, output: Path, params: Preprocess) -> None:
    """Writes the preprocessed shard of the same name into `output`, in the same row order."""
    converted = (_converted(batch, params) for batch in batches(path, _READ))
    write_batches(output / path.name, converted, PREPROCESSED)


def _converted(batch: pa.RecordBatch, params: Preprocess) -> pa.RecordBatch:
    images, measured = [], []
    for row in batch.select(["image", "width", "height", "name"]).to_pylist():
        encoded, statistics = image(row["image"], row["width"], row["height"], params, row["name"])
        images.append(encoded)
        measured.append([statistics[name] for name in QUALITY])
    kept = {name: batch.column(name) for name in ("id", "labels", "source", "name", "group")}
    numbers = np.array(measured).reshape(-1, len(QUALITY))
    return batch_of(kept | {"image": images} | dict(zip(QUALITY, numbers.T, strict=True)), PREPROCESSED)


def main(params: Params) -> None:
    found = shards(INPUT)
    if not found:
        raise WeldspotError(f"{INPUT}: no images; run `dvc repro ingest` first")
    with whole(OUTPUT) as output:
        for _ in map_shards(partial(shard, output=output, params=params.preprocess), found, "preprocess"):
            pass
