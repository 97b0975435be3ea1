"""What an MLflow run says of where it was made: commit, data, experiment, machine."""

import os
import platform
from pathlib import Path

from weldspot.runtime import git
from weldspot.runtime.devices import nvidia
from weldspot.runtime.dvc_lock import lock_hash, stage_hashes


def data_tags(root: Path, stage: str) -> dict[str, str]:
    """Tags that change as a run goes through the stages: the data that this one has seen."""
    outs = {f"dvc.out.{path.replace('/', '.')}": md5 for path, md5 in stage_hashes(root, before=stage).items()}
    return {"dvc.lock": lock_hash(root)} | outs


def tags(root: Path) -> dict[str, str]:
    """Tags that are those of a run's beginning: code, experiment, machine."""
    return {
        "git.commit": git.head(root),
        "git.dirty": git.dirty(root),
        "dvc.exp_name": os.environ.get("DVC_EXP_NAME", ""),
        "device.cpu": _cpu(),
        "device.gpu": ", ".join(card.name for card in nvidia.cards()),
        "keras.backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
