"""What the workspace is at this moment: commit, dirty flag, dvc.lock and the stages' hashes."""

import hashlib
import json
import os
import platform
import subprocess
from pathlib import Path

import yaml

from weldspot.errors import WeldspotError


def main_root(root: Path) -> Path:
    """The repository itself, also when DVC runs a queued experiment in a copy below .dvc/tmp/exps."""
    parts = root.parts
    for index in range(len(parts) - 2):
        if parts[index : index + 3] == (".dvc", "tmp", "exps"):
            return Path(*parts[:index])
    return root


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def commit() -> str:
    return _git("rev-parse", "HEAD") or "none"


def lock_hash(commit: str = "") -> str:
    """SHA-256 of what dvc.lock (a commit's, if given) says of every stage before export; "none" where there is none.

    Export's own entry is written after its manifest; without it, a manifest names the dvc.lock that is committed later.
    """
    stages = _stages(commit)
    stages.pop("export", None)
    return hashlib.sha256(json.dumps(stages, sort_keys=True).encode()).hexdigest() if stages else "none"


def stage_hashes() -> dict[str, str]:
    """Output path → md5, of every output dvc.lock knows."""
    return {out["path"]: out["md5"] for stage in _stages().values() for out in stage.get("outs", [])}


def _stages(commit: str = "") -> dict[str, dict]:
    lock = Path("dvc.lock")
    text = _git("show", f"{commit}:./{lock}") if commit else lock.read_text() if lock.exists() else ""
    try:
        return (yaml.safe_load(text) or {}).get("stages", {})
    except yaml.YAMLError as error:
        raise WeldspotError(
            "dvc.lock: not valid YAML (a merge?); `git checkout --ours dvc.lock`, then `dvc repro`"
        ) from error


def tags() -> dict[str, str]:
    """Lineage tags of an MLflow run."""
    found = {
        "git.commit": commit(),
        "git.dirty": str(bool(_git("status", "--porcelain", "--untracked-files=no"))).lower(),
        "dvc.lock": lock_hash(),
        "dvc.exp_name": os.environ.get("DVC_EXP_NAME", ""),
        "device.cpu": platform.processor() or platform.machine(),
        "keras.backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
    }
    return found | {f"dvc.out.{path.replace('/', '.')}": md5 for path, md5 in stage_hashes().items()}
