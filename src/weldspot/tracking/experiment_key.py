"""Names an experiment by what goes into it, so that a killed run finds itself and a phone's model its run."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from weldspot.runtime import atomic, state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_CODE = Path(__file__).resolve().parents[1]
_IMAGES = ("images/dataset.py", "images/stored.py", "images/feed.py")
_TRAINING = ("model/network/*.py", "model/training/*.py", "stages/train.py", *_IMAGES)
_FILE = "experiment.json"


class _Kept(BaseModel):
    key: str


def experiment_key(workspace: "Workspace", sections: Sequence[BaseModel], own_code: Sequence[str] = ()) -> str:
    """16 hex digits of what a training depends on: the sections of params.yaml, the split, the images, the code.

    `own_code`: what code outside the package that it uses is known by.
    """
    values = [section.model_dump() for section in sections]
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    code = sorted(file for pattern in _TRAINING for file in _CODE.glob(pattern))
    folders = [workspace.artifact(stage) for stage in ("preprocess", "augment")]
    shards = [file for folder in folders for file in sorted(folder.glob("*.parquet"))]
    for file in [workspace.split_manifest, *shards, *code]:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    for told in own_code:
        digest.update(told.encode())
    digest.update(os.environ.get("KERAS_BACKEND", "tensorflow").encode())
    return digest.hexdigest()[:16]


def write_key(folder: Path, key: str) -> None:
    """Leaves the key beside the model that it names."""
    atomic.write_json(folder / _FILE, {"key": key})


def read_key(workspace: "Workspace") -> str:
    """The key of the experiment whose model lies in artifacts/train."""
    path = workspace.artifact("train") / _FILE
    try:
        return state_files.read_json(path, _Kept, state_files.FROM_GRAPH).key
    except FileNotFoundError:
        raise WeldspotError(f"{path}: no such file; run `dvc repro train` first") from None
