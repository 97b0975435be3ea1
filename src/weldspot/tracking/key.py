"""Names an experiment by what goes into it, so that a killed run finds itself and a phone's model its run."""

import hashlib
import json
import os
from pathlib import Path

from weldspot.config.schema import Params

_CODE = Path(__file__).resolve().parents[1] / "model"
FILE = Path("artifacts/train/experiment.json")


def experiment_key(params: Params, manifest: Path) -> str:
    """16 hex digits of the data (split manifest and the sections that made it), training parameters and model code."""
    sections = params.model_dump(include={"source", "ingest", "preprocess", "augment", "split", "training"})
    digest = hashlib.sha256(json.dumps(sections, sort_keys=True).encode())
    digest.update(manifest.read_bytes())
    for file in sorted(_CODE.glob("*.py")):
        digest.update(file.read_bytes())
    digest.update(os.environ.get("KERAS_BACKEND", "tensorflow").encode())
    return digest.hexdigest()[:16]


def read_key() -> str:
    """The key of the experiment whose model lies in artifacts/train."""
    return json.loads(FILE.read_text())["key"]
