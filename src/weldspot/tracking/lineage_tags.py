"""What the workspace is at this moment: commit, dirty flag, dvc.lock and the stages' hashes."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
from pathlib import Path

import yaml

from weldspot.runtime.errors import WeldspotError

STAGES = ("fetch", "ingest", "preprocess", "augment", "split", "train", "evaluate", "export")


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


def stage_hashes(before: str = "") -> dict[str, str]:
    """Output path → md5, of every output dvc.lock knows, or of the stages before one: its own is yet to be written."""
    graph = [name for name in STAGES if before not in STAGES or STAGES.index(name) < STAGES.index(before)]
    return {out["path"]: out["md5"] for name, stage in _stages().items() if name in graph for out in stage["outs"]}


def _stages(commit: str = "") -> dict[str, dict]:
    lock = Path("dvc.lock")
    text = _git("show", f"{commit}:./{lock}") if commit else lock.read_text() if lock.exists() else ""
    try:
        return (yaml.safe_load(text) or {}).get("stages", {})
    except yaml.YAMLError as error:
        raise WeldspotError(
            "dvc.lock: not valid YAML (a merge?); `git checkout --ours dvc.lock`, then `dvc repro`"
        ) from error


def data_tags(stage: str) -> dict[str, str]:
    """Lineage tags of an MLflow run that change as it goes through the stages: the data that this one has seen."""
    outs = {f"dvc.out.{path.replace('/', '.')}": md5 for path, md5 in stage_hashes(before=stage).items()}
    return {"dvc.lock": lock_hash()} | outs


def tags() -> dict[str, str]:
    """Lineage tags of an MLflow run that are those of its beginning: code, experiment, machine."""
    return {
        "git.commit": commit(),
        "git.dirty": str(bool(_git("status", "--porcelain", "--untracked-files=no"))).lower(),
        "dvc.exp_name": os.environ.get("DVC_EXP_NAME", ""),
        "device.cpu": _cpu(),
        "device.gpu": _gpus(),
        "keras.backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _gpus() -> str:
    if shutil.which("nvidia-smi") is None:
        return ""
    done = subprocess.run(
        ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True, check=False
    )
    return ", ".join(done.stdout.splitlines()) if done.returncode == 0 else ""
