"""The contracts as JSON Schema, from which the client's types are made.

`python -m weldspot.contracts.schemas FOLDER` writes them; `make contracts` does that and makes the types.
"""

import json
import sys
from pathlib import Path

from weldspot.contracts import limits, telemetry
from weldspot.contracts.base import Contract
from weldspot.contracts.canary import CanaryFile
from weldspot.contracts.decision import Decision
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.reviewed import Reviewed
from weldspot.contracts.served import Release, ServedManifest, Succession, Trust
from weldspot.contracts.upload import UploadMetadata
from weldspot.contracts.verdict import Verdict
from weldspot.runtime import atomic

CONTRACTS: dict[str, type[Contract]] = {
    "manifest": PublishedManifest,
    "served": ServedManifest,
    "release": Release,
    "succession": Succession,
    "trust": Trust,
    "upload": UploadMetadata,
    "verdict": Verdict,
    "decision": Decision,
    "reviewed": Reviewed,
    "telemetry": telemetry.Telemetry,
    "canary": CanaryFile,
}


def schemas() -> dict[str, str]:
    """File name → JSON text of every schema, and of the limits."""
    files = {f"{name}.schema.json": contract.model_json_schema() for name, contract in CONTRACTS.items()}
    bounds = {"limits.json": limits.ALL | telemetry.LIMITS}
    return {name: json.dumps(value, indent=2) + "\n" for name, value in (files | bounds).items()}


def write(folder: Path) -> None:
    """Writes them into the folder."""
    for name, text in schemas().items():
        atomic.write_bytes(folder / name, text.encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
