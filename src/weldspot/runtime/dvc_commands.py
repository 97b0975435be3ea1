"""DVC's command line, run in a repository's root."""

import json
import subprocess
import sys
from pathlib import Path

from weldspot.runtime import dvc_recovery, dvc_repro
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal import screen

Changes = list[str | dict[str, dict[str, str]]]  # what `dvc status --json` says of one stage

_DVC = (sys.executable, "-m", "dvc")


def repro(root: Path, *options: str) -> None:
    """Runs what is stale, its output on the screen; raises WeldspotError when a stage fails."""
    dvc_recovery.mend(root / ".dvc")
    with screen.left_to_another():
        done = subprocess.run([sys.executable, "-m", dvc_repro.__name__, *options], cwd=root, check=False)
    if done.returncode:
        raise WeldspotError("dvc repro failed, its message is above; mend it and run this again: it goes on from there")


def repro_anew(root: Path, stage: str) -> None:
    """Runs one stage again though nothing is stale."""
    repro(root, "--force", "--single-item", stage)


def stale(root: Path, stage: str | None = None) -> dict[str, Changes]:
    """Stage → what has changed, as `dvc status` says; raises WeldspotError with its reason when it can't."""
    command = [*_DVC, "status", "--json", *([stage] if stage else [])]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise WeldspotError(f"dvc status failed: {lines[-1] if lines else 'no reason given'}")
    found: dict[str, Changes] = json.loads(done.stdout or "{}")
    return found


def changed_dependencies(root: Path, stage: str) -> set[str]:
    """The dependencies of a stage that are not as dvc.lock has them."""
    changes = [entry for entry in stale(root, stage).get(stage, []) if isinstance(entry, dict)]
    return {path for entry in changes for path in entry.get("changed deps", {})}


def add(root: Path, path: str, safe: str) -> None:
    """Brings `path`.dvc up to date with what lies there.

    Raises:
        WeldspotError: DVC's own reason, and `safe`, which says that nothing is lost.
    """
    done = subprocess.run([*_DVC, "add", "--quiet", path], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise WeldspotError(
            f"{path}.dvc: not brought up to date ({reason[-1] if reason else f'dvc add {path} failed'}); "
            f"{safe}: run `dvc add {path}`"
        )
