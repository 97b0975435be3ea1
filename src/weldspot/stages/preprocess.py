"""preprocess: every ingested image at the network's size, denoised, with its quality statistics."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images.preprocessing import image
from weldspot.images.table import PREPROCESSED, QUALITY, batch_of, batches, shards, write_batches
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_READ = ["id", "image", "width", "height", "labels", "source", "name", "group"]


class Params(StageParams):
    """What preprocess reads of params.yaml."""

    preprocess: Preprocess


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
        for _ in map_shards(partial(shard, output=output, params=params.preprocess), found, "preprocess"):
            pass
