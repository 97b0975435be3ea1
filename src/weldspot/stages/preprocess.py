"""preprocess: every ingested image at the network's size, denoised, with its quality statistics."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import filters
from weldspot.images.places import boxes
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.table import PREPROCESSED, QUALITY, record_batch, record_batches, shards, write_record_batches
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.engines.files import Files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_READ = ["id", "image", "width", "height", "labels", "boxes", "source", "name", "group", "age"]


class Params(StageParams):
    """What preprocess reads of params.yaml."""

    preprocess: Preprocess


def shard(files: Files, section: Preprocess) -> None:
    """Writes the preprocessed shard of an ingested one, in the same row order."""
    (path,), (output,) = files.reads, files.writes
    converted = (_converted(batch, section) for batch in record_batches(path, _READ))
    write_record_batches(output, converted, PREPROCESSED)


def _converted(batch: pa.RecordBatch, section: Preprocess) -> pa.RecordBatch:
    images, measured = [], []
    for row in batch.select(["image", "width", "height", "name"]).to_pylist():
        encoded, statistics = preprocess_image(row["image"], row["width"], row["height"], section, row["name"])
        images.append(encoded)
        measured.append(statistics)
    kept = {name: batch.column(name) for name in ("id", "labels", "source", "name", "group", "age")}
    kept["boxes"] = _placed(batch, section)
    numbers = np.array(measured).reshape(-1, len(QUALITY))
    return record_batch(kept | {"image": images} | dict(zip(QUALITY, numbers.T, strict=True)), PREPROCESSED)


def _placed(batch: pa.RecordBatch, section: Preprocess) -> pa.ListArray:
    """The boxes where their objects are in the square picture."""
    sizes = list(zip(batch.column("width").to_pylist(), batch.column("height").to_pylist(), strict=True))
    fitted = [filters.fitted(*size, section.size, section.fit) for size in sizes]
    factors = np.array(fitted, np.float32).reshape(-1, 2) / np.array(sizes, np.float32).reshape(-1, 2)
    corners = np.array([filters.corner(target, section.size) for target in fitted], np.float32).reshape(-1, 2)
    return boxes.scaled(batch.column("boxes"), factors, corners)


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/preprocess/.

    Raises:
        WeldspotError: ingest has left no images.
    """
    ingested = workspace.artifact("ingest")
    found = shards(ingested)
    if not found:
        raise WeldspotError(f"{ingested}: no images; run `dvc repro ingest` first")
    with replacing_folder(workspace.artifact("preprocess")) as output:
        items = [Files(reads=(path,), writes=(output / path.name,)) for path in found]
        for _ in map_shards(partial(shard, section=params.preprocess), items, "preprocess"):
            pass
