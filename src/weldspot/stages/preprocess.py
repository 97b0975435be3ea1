"""preprocess: every ingested image at the network's size, denoised, with its quality statistics."""

from functools import partial
from pathlib import Path

from weldspot.config.schema import Params, Preprocess
from weldspot.errors import WeldspotError
from weldspot.images import filters, quality
from weldspot.images.parallel import map_shards
from weldspot.images.table import PREPROCESSED, rows, shards, write_shard
from weldspot.output import whole

INPUT, OUTPUT = Path("artifacts/ingest"), Path("artifacts/preprocess")
_READ = ["id", "image", "width", "height", "labels", "source", "name", "group"]


def image(data: bytes, width: int, height: int, params: Preprocess, name: str = "image") -> tuple[bytes, dict]:
    """The encoded image at params.size, and its statistics, of encoded bytes that decode to width×height.

    The statistics are those of the camera: taken after resizing, before denoising and padding.
    """
    target = filters.fitted(width, height, params.size, params.fit)
    picture = filters.resize(filters.decode(data, width, height, target, name), target)
    statistics = quality.statistics(picture, width, height)
    picture = filters.pad(filters.denoise(picture, params.denoise), params.size)
    return filters.encode(picture, params.jpeg_quality), statistics


def shard(path: Path, output: Path, params: Preprocess) -> None:
    """Writes the preprocessed shard of the same name into `output`, in the same row order."""
    done = []
    for row in rows(path, _READ):
        width, height = row.pop("width"), row.pop("height")
        row["image"], statistics = image(row["image"], width, height, params, row["name"])
        done.append(row | statistics)
    write_shard(output / path.name, done, PREPROCESSED)


def main(params: Params) -> None:
    found = shards(INPUT)
    if not found:
        raise WeldspotError(f"{INPUT}: no images; run `dvc repro ingest` first")
    with whole(OUTPUT) as output:
        for _ in map_shards(partial(shard, output=output, params=params.preprocess), found, "preprocess"):
            pass
