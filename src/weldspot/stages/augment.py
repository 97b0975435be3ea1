"""augment: N variants of every preprocessed image; split decides which of them anyone may learn from."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from jaxtyping import Float64

from weldspot.config.sections.augment import Augment
from weldspot.config.sections.base import StageParams
from weldspot.images import augmentations, filters
from weldspot.images.table import AUGMENTED, record_batch, record_batches, shards, write_record_batches
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.engines.files import Files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_READ = ["id", "image", "labels", "group"]
_ROW = pa.schema([("row", pa.int32())])


class Params(StageParams):
    """What augment reads of params.yaml."""

    augment: Augment


def variants(data: bytes, image_id: str, section: Augment) -> Iterator[tuple[bytes, Float64[np.ndarray, "2 3"]]]:
    """The encoded variants 1..N of an encoded image, each with where its pixels come from."""
    if not section.variants:
        return
    picture = filters.decode(data, 1, 1, (1, 1), image_id)
    for variant in range(1, section.variants + 1):
        varied = augmentations.augment(picture, section, image_id, variant)
        height, width = picture.shape[:2]
        placement = augmentations.moved(width, height, section, image_id, variant)
        yield filters.encode(varied, section.jpeg_quality), placement


def shard(files: Files, section: Augment) -> None:
    """Writes a shard of the variants of a preprocessed one: those of the first image, of the second, …"""
    (path,), (output,) = files.reads, files.writes
    multiplied = (_multiplied(batch, section) for batch in record_batches(path, _READ))
    write_record_batches(output, multiplied, AUGMENTED)


def _multiplied(batch: pa.RecordBatch, section: Augment) -> pa.RecordBatch:
    made = [
        pair for row in batch.select(["id", "image"]).to_pylist() for pair in variants(row["image"], row["id"], section)
    ]
    again = record_batch({"row": np.repeat(np.arange(len(batch)), section.variants)}, _ROW).column("row")
    kept = {name: batch.column(name).take(again) for name in ("id", "labels", "group")}
    numbers = np.tile(np.arange(1, section.variants + 1), len(batch))
    images, placements = [image for image, _ in made], np.array([place for _, place in made]).reshape(-1, 6)
    return record_batch(kept | {"variant": numbers, "image": images, "placement": placements}, AUGMENTED)


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/augment/.

    Raises:
        WeldspotError: preprocess has left no images.
    """
    preprocessed = workspace.artifact("preprocess")
    found = shards(preprocessed)
    if not found:
        raise WeldspotError(f"{preprocessed}: no images; run `dvc repro preprocess` first")
    with replacing_folder(workspace.artifact("augment")) as output:
        items = [Files(reads=(path,), writes=(output / path.name,)) for path in found]
        for _ in map_shards(partial(shard, section=params.augment), items, "augment"):
            pass
