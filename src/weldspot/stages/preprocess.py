"""preprocess: every ingested image at the network's size, denoised, with its quality statistics."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images.preprocessing import preprocess_image
from weldspot.images.table import PREPROCESSED, QUALITY, record_batch, record_batches, shards, write_record_batches
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_READ = ["id", "image", "width", "height", "labels", "source", "name", "group", "age"]


class Params(StageParams):
    """What preprocess reads of params.yaml."""

    preprocess: Preprocess


def shard(path: Path, output: Path, section: Preprocess) -> None:
    """Writes the preprocessed shard of the same name into `output`, in the same row order."""
    converted = (_converted(batch, section) for batch in record_batches(path, _READ))
    write_record_batches(output / path.name, converted, PREPROCESSED)


def _converted(batch: pa.RecordBatch, section: Preprocess) -> pa.RecordBatch:
    images, measured = [], []
    for row in batch.select(["image", "width", "height", "name"]).to_pylist():
        encoded, statistics = preprocess_image(row["image"], row["width"], row["height"], section, row["name"])
        images.append(encoded)
        measured.append(statistics)
    kept = {name: batch.column(name) for name in ("id", "labels", "source", "name", "group", "age")}
    numbers = np.array(measured).reshape(-1, len(QUALITY))
    return record_batch(kept | {"image": images} | dict(zip(QUALITY, numbers.T, strict=True)), PREPROCESSED)


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
        for _ in map_shards(partial(shard, output=output, section=params.preprocess), found, "preprocess"):
            pass
