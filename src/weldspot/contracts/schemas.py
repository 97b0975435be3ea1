"""The contracts as JSON Schema, from which the client's types are made.

`python -m weldspot.contracts.schemas FOLDER` writes them; `make contracts` does that and makes the types.
"""

import json
import sys
from pathlib import Path

from weldspot.contracts import limits
from weldspot.contracts.base import Contract
from weldspot.contracts.decision import Decision
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.reviewed import Reviewed
from weldspot.contracts.upload import UploadMetadata
from weldspot.contracts.verdict import Verdict
from weldspot.runtime import atomic

CONTRACTS: dict[str, type[Contract]] = {
    "manifest": PublishedManifest,
    "upload": UploadMetadata,
    "verdict": Verdict,
    "decision": Decision,
    "reviewed": Reviewed,
}


def schemas() -> dict[str, str]:
    """File name → JSON text of every schema, and of the limits."""
    files = {f"{name}.schema.json": contract.model_json_schema() for name, contract in CONTRACTS.items()}
    return {name: json.dumps(value, indent=2) + "\n" for name, value in (files | {"limits.json": limits.ALL}).items()}


def write(folder: Path) -> None:
    """Writes them into the folder."""
    for name, text in schemas().items():
        atomic.write_bytes(folder / name, text.encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
