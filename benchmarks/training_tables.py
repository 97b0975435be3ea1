"""Tables as the stages before training leave them, of any size: few distinct pictures under many ids."""

import os

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.images.table import (
    AUGMENTED,
    PREPROCESSED,
    AugmentedRow,
    PreprocessedRow,
    shard_path,
    write_shard,
)
from weldspot.workspace import Workspace

SAMPLE, VARIANTS, SIDE = 600, 5, 240  # photographs of the sample, and what conf/ makes of each
_SHARD, _DISTINCT = 256, 64
_SPLITS = ("train",) * 7 + ("val", "test", "test")  # in ten


def write(workspace: Workspace, photographs: int, names: tuple[str, ...]) -> int:
    """Writes preprocess, augment and split of so many photographs with classes `names`; returns the images in train."""
    for stage in ("preprocess", "augment", "split"):
        workspace.artifact(stage).mkdir(parents=True)
    pictures = [_jpeg(seed) for seed in range(_DISTINCT)]
    members: dict[str, list[object]] = {"id": [], "variant": [], "group": [], "split": []}
    for index, first in enumerate(range(0, photographs, _SHARD)):
        numbers = range(first, min(first + _SHARD, photographs))
        originals = [_original(k, pictures[k % _DISTINCT], names) for k in numbers]
        write_shard(shard_path(workspace.artifact("preprocess"), index), originals, PREPROCESSED)
        variants = [
            _variant(k, v, pictures[(k + v) % _DISTINCT], names) for k in numbers for v in range(1, VARIANTS + 1)
        ]
        write_shard(shard_path(workspace.artifact("augment"), index), variants, AUGMENTED)
        for k in numbers:
            split = _SPLITS[k % len(_SPLITS)]
            for variant in range(1 if split == "val" else VARIANTS + 1):
                part = "robustness" if split == "test" and variant else split
                for name, value in (("id", _id(k)), ("variant", variant), ("group", f"scene {k}"), ("split", part)):
                    members[name].append(value)
    kinds = [("id", pa.string()), ("variant", pa.int32()), ("group", pa.string()), ("split", pa.string())]
    pq.write_table(pa.table(members, pa.schema(kinds)), workspace.split_manifest)
    return members["split"].count("train")


def megabytes(workspace: Workspace) -> float:
    """Of both tables of pictures."""
    shards = [file for stage in ("preprocess", "augment") for file in workspace.artifact(stage).iterdir()]
    return sum(os.path.getsize(shard) for shard in shards) / 1e6


def _id(number: int) -> str:
    return f"{number:064x}"


def _jpeg(seed: int) -> bytes:
    """Noise at every scale, the coarser the stronger, as in a photograph."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIDE, SIDE, 3), 128, np.float32)
    for scale in (4, 8, 16, 40, 80):
        grain = rng.normal(0, 60 * (4 / scale) ** 0.7, (scale, scale, 3)).astype(np.float32)
        picture += cv2.resize(grain, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    picture += rng.normal(0, 3, (SIDE, SIDE, 1)).astype(np.float32)
    return cv2.imencode(".jpg", picture.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def _original(number: int, image: bytes, names: tuple[str, ...]) -> PreprocessedRow:
    return {
        "id": _id(number), "image": image, "labels": [names[number % len(names)]], "source": "export",
        "name": "a.jpg", "group": f"scene {number}", "age": 0, "brightness": 1.0, "contrast": 1.0,
        "sharpness": 1.0, "colourfulness": 1.0, "noise": 1.0, "aspect": 1.0,
    }  # fmt: skip


def _variant(number: int, variant: int, image: bytes, names: tuple[str, ...]) -> AugmentedRow:
    return {
        "id": _id(number), "variant": variant, "image": image, "labels": [names[number % len(names)]],
        "group": f"scene {number}",
    }  # fmt: skip
