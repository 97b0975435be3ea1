"""A workspace as the stages before training leave it, small enough for a unit test."""

import shutil
from pathlib import Path

import keras
import pyarrow as pa
import pyarrow.parquet as pq
import tiny
from weld_classes import CLASSES, WELD

from weldspot.images import table
from weldspot.images.places.boxes import UNMOVED
from weldspot.images.table import AUGMENTED, PREPROCESSED, QUALITY, write_shards
from weldspot.model.network import classifier
from weldspot.tracking.experiment_key import write_key
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdef"
SPLITS = ["train"] * 14 + ["val"] * 14 + ["test"] * 14


def fill(workspace: Workspace) -> None:
    """Preprocess, augment (two variants of train and test) and split: 14 photographs in each part, two a class."""
    shutil.copy(ROOT / "params.yaml", workspace.params)
    images = tiny.images(len(SPLITS))
    encoded = images.encoded.to_pylist()
    preprocessed, augmented, members = [], [], []
    for row, (name, data, split) in enumerate(zip(images.ids, encoded, SPLITS, strict=True)):
        group = f"scene {row // 2}"
        shown = {"id": name, "image": data, "labels": [CLASSES[row % 7]], "group": group}
        quality = {statistic: float(row) for statistic in QUALITY}
        said = {"source": ["export", "crop"][row % 2], "name": f"{row}.jpg", "boxes": []}
        if row % 7:
            said["boxes"] = [table.box_row(CLASSES[row % 7], 0.0, row % 7 * 8.0, 64.0, row % 7 * 8 + 12.0)]
        preprocessed.append(shown | quality | said)
        for variant in range(1 if split == "val" else 3):
            part = "robustness" if split == "test" and variant else split
            members.append({"id": name, "variant": variant, "group": group, "split": part})
            if variant:
                augmented.append(shown | {"variant": variant, "placement": list(UNMOVED)})
    for stage in ("preprocess", "augment", "split"):
        workspace.artifact(stage).mkdir(parents=True)
    write_shards(workspace.artifact("preprocess"), preprocessed, PREPROCESSED, 30)
    write_shards(workspace.artifact("augment"), augmented, AUGMENTED, 30)
    kinds = [("id", pa.string()), ("variant", pa.int32()), ("group", pa.string()), ("split", pa.string())]
    pq.write_table(pa.Table.from_pylist(members, schema=pa.schema(kinds)), workspace.split_manifest)


def train(workspace: Workspace) -> keras.Model:
    """A model in artifacts/train that has learnt nothing."""
    keras.utils.set_random_seed(5)
    with tiny.small_backbone():
        model = classifier.build("mobilenet_025", tiny.SIZE, 7)
    workspace.artifact("train").mkdir(parents=True)
    classifier.save(model, tiny.SIZE, WELD, workspace.artifact("train"))
    write_key(workspace.artifact("train"), KEY)
    return model
