"""augment: N variants of every preprocessed image; split decides which of them anyone may learn from."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from weldspot.config.schema import Augment, Params
from weldspot.errors import WeldspotError
from weldspot.images import augmentations, filters
from weldspot.images.parallel import map_shards
from weldspot.images.table import AUGMENTED, rows, shards, write_shard
from weldspot.output import whole

INPUT, OUTPUT = Path("artifacts/preprocess"), Path("artifacts/augment")
_READ = ["id", "image", "labels", "group"]


def variants(data: bytes, image_id: str, params: Augment) -> Iterator[bytes]:
    """The encoded variants 1..N of an encoded image."""
    if not params.variants:
        return
    picture = filters.decode(data, 1, 1, (1, 1), image_id)
    for variant in range(1, params.variants + 1):
        yield filters.encode(augmentations.augment(picture, params, image_id, variant), params.jpeg_quality)


def shard(path: Path, output: Path, params: Augment) -> None:
    """Writes the shard of the same name into `output`: the variants of the first image, of the second, …"""
    done = [
        row | {"variant": variant, "image": image}
        for row in rows(path, _READ)
        for variant, image in enumerate(variants(row["image"], row["id"], params), 1)
    ]
    write_shard(output / path.name, done, AUGMENTED)


def main(params: Params) -> None:
    found = shards(INPUT)
    if not found:
        raise WeldspotError(f"{INPUT}: no images; run `dvc repro preprocess` first")
    with whole(OUTPUT) as output:
        for _ in map_shards(partial(shard, output=output, params=params.augment), found, "augment"):
            pass
