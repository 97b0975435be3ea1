"""What dvc.lock says: the stages in order, and the md5 of everything that they wrote."""

import hashlib
import json
from pathlib import Path
from typing import TypedDict

from weldspot.runtime import state_files
from weldspot.runtime.git import git
from weldspot.runtime.yaml_files import safe_loader

STAGES = ("fetch", "ingest", "preprocess", "augment", "split", "train", "evaluate", "export")


_CURE = "a merge? `git checkout --ours dvc.lock`, then `dvc repro`"


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
    with state_files.reading(lock, _CURE):
        text = (git(root, "show", f"{commit}:./dvc.lock") or "") if commit else _text(lock)
        found = safe_loader.load(text) or {}
        stages: dict[str, _Stage] = found.get("stages", {})
        for name, stage in stages.items():
            if not all(isinstance(out["path"], str) and isinstance(out["md5"], str) for out in stage["outs"]):
                raise ValueError(f"{name}: an output without its md5")
    return stages


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
