"""Uploads that can't be used: their bytes, and beside them a JSON that says why."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.runtime import atomic, state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def keep(workspace: "Workspace", name: str, data: bytes, metadata: Mapping[str, str], reason: str) -> None:
    """Keeps the bytes, and beside them a JSON with name, reason and metadata, which comes last; both durable."""
    path = workspace.quarantine / hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    atomic.write_bytes(path.with_suffix(".bin"), data)
    entry = {"name": name, "reason": reason, "metadata": dict(metadata)}
    atomic.write_bytes(path.with_suffix(".json"), (json.dumps(entry, indent=2) + "\n").encode())


def entries(workspace: "Workspace") -> list[Path]:
    """The JSON of each upload in quarantine."""
    return sorted(workspace.quarantine.glob("*.json"))


def names(workspace: "Workspace") -> set[str]:
    """Names of the uploads in quarantine."""
    return {upload_name(path) for path in entries(workspace)}


def upload_name(entry: Path) -> str:
    """The upload's name, as its JSON has it; raises Damaged."""
    with state_files.reading(entry, state_files.FROM_DATA):
        # no schema: a name may hold what is no Unicode, as file names may
        found = json.loads(entry.read_bytes())
        if not isinstance(found, dict) or not isinstance(found.get("name"), str):
            raise ValueError("it names no upload")
        return str(found["name"])
