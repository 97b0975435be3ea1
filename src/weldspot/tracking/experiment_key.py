"""Names an experiment by what goes into it, so that a killed run finds itself and a phone's model its run."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from weldspot.config.parameters import Params

_CODE = Path(__file__).resolve().parents[1]
_TRAINING = ("model/*.py", "stages/train.py", "images/dataset.py")
FILE = Path("artifacts/train/experiment.json")


def experiment_key(params: Params, manifest: Path, data: Sequence[Path]) -> str:
    """16 hex digits of what a training depends on: split manifest, files of the `data` folders, parameters, code."""
    sections = params.model_dump(include={"source", "ingest", "preprocess", "augment", "split", "training"})
    digest = hashlib.sha256(json.dumps(sections, sort_keys=True).encode())
    code = sorted(file for pattern in _TRAINING for file in _CODE.glob(pattern))
    shards = [file for folder in data for file in sorted(folder.glob("*.parquet"))]
    for file in [manifest, *shards, *code]:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    digest.update(os.environ.get("KERAS_BACKEND", "tensorflow").encode())
    return digest.hexdigest()[:16]


def read_key() -> str:
    """The key of the experiment whose model lies in artifacts/train."""
    return json.loads(FILE.read_text())["key"]
