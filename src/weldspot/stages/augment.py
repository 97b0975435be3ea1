"""augment: N variants of every preprocessed image; split decides which of them anyone may learn from."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from weldspot.config.parameters import Augment, Params
from weldspot.runtime.errors import WeldspotError
from weldspot.images import augmentations, filters
from weldspot.runtime.processes import map_shards
from weldspot.images.table import AUGMENTED, batch_of, batches, shards, write_batches
from weldspot.runtime.atomic import whole

INPUT, OUTPUT = Path("artifacts/preprocess"), Path("artifacts/augment")
_READ = ["id", "image", "labels", "group"]
_ROW = pa.schema([("row", pa.int32())])


def variants(data: bytes, image_id: str, params: Augment) -> Iterator[bytes]:
    """The encoded variants 1..N of an encoded image."""
    if not params.variants:
        return
    picture = filters.decode(data, 1, 1, (1, 1), image_id)
    for variant in range(1, params.variants + 1):
        yield filters.encode(augmentations.augment(picture, params, image_id, variant), params.jpeg_quality)


def shard(path: Path, output: Path, params: Augment) -> None:
    """Writes the shard of the same name into `output`: the variants of the first image, of the second, …"""
    multiplied = (_multiplied(batch, params) for batch in batches(path, _READ))
    write_batches(output / path.name, multiplied, AUGMENTED)


def _multiplied(batch: pa.RecordBatch, params: Augment) -> pa.RecordBatch:
    images: list[bytes] = []
    for row in batch.select(["id", "image"]).to_pylist():
        images.extend(variants(row["image"], row["id"], params))
    again = batch_of({"row": np.repeat(np.arange(len(batch)), params.variants)}, _ROW).column("row")
    kept = {name: batch.column(name).take(again) for name in ("id", "labels", "group")}
    numbers = np.tile(np.arange(1, params.variants + 1), len(batch))
    return batch_of(kept | {"variant": numbers, "image": images}, AUGMENTED)


def main(params: Params) -> None:
    found = shards(INPUT)
    if not found:
        raise WeldspotError(f"{INPUT}: no images; run `dvc repro preprocess` first")
    with whole(OUTPUT) as output:
        for _ in map_shards(partial(shard, output=output, params=params.augment), found, "augment"):
            pass
