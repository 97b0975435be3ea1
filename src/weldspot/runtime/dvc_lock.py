"""What dvc.lock says: the stages in order, and the md5 of everything that they wrote."""

import hashlib
import json
from pathlib import Path
from typing import TypedDict

import yaml

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.git import git

STAGES = ("fetch", "ingest", "preprocess", "augment", "split", "train", "evaluate", "export")


class _Output(TypedDict):
    path: str
    md5: str


class _Stage(TypedDict):
    outs: list[_Output]


def lock_hash(root: Path, commit: str = "") -> str:
    """SHA-256 of what dvc.lock (a commit's, if given) says of every stage before export; "none" where there is none.

    Export's own entry is written after its manifest; without it, a manifest names the dvc.lock that is committed later.
    """
    stages = _stages(root, commit)
    stages.pop("export", None)
    return hashlib.sha256(json.dumps(stages, sort_keys=True).encode()).hexdigest() if stages else "none"


def stage_hashes(root: Path, before: str = "") -> dict[str, str]:
    """Output path → md5, of every output dvc.lock knows, or of the stages before one: its own is yet to be written."""
    graph = [name for name in STAGES if before not in STAGES or STAGES.index(name) < STAGES.index(before)]
    found = _stages(root)
    return {out["path"]: out["md5"] for name, stage in found.items() if name in graph for out in stage["outs"]}


def _stages(root: Path, commit: str = "") -> dict[str, _Stage]:
    lock = root / "dvc.lock"
    text = (git(root, "show", f"{commit}:./dvc.lock") or "") if commit else lock.read_text() if lock.exists() else ""
    try:
        stages: dict[str, _Stage] = (yaml.safe_load(text) or {}).get("stages", {})
    except yaml.YAMLError as error:
        raise WeldspotError(
            "dvc.lock: not valid YAML (a merge?); `git checkout --ours dvc.lock`, then `dvc repro`"
        ) from error
    return stages
