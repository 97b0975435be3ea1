"""DVC's command line, as the loop uses it."""

import json
import subprocess
import sys

from weldspot.config import killed
from weldspot.errors import WeldspotError


def repro(*options: str) -> None:
    """Runs what is stale, its output on the screen; raises WeldspotError when a stage fails."""
    killed.mend()
    done = subprocess.run([sys.executable, "-m", "dvc", "repro", *options], check=False)
    if done.returncode:
        raise WeldspotError("dvc repro failed, its message is above; mend it and run this again: it goes on from there")


def register() -> None:
    """Runs export again, for a registry that has never seen the model: DVC restored it, and nothing was stale."""
    repro("--force", "--single-item", "export")


def stale(stage: str | None = None) -> dict[str, list]:
    """Stage → what has changed, as `dvc status` says; raises WeldspotError with its reason when it can't."""
    command = [sys.executable, "-m", "dvc", "status", "--json", *([stage] if stage else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise WeldspotError(f"dvc status failed: {lines[-1] if lines else 'no reason given'}")
    return json.loads(done.stdout or "{}")


def feedback_is_new() -> bool:
    """Whether data/feedback holds what ingest has not seen: an admission after which no `dvc repro` has run."""
    changes = [entry for entry in stale("ingest").get("ingest", []) if isinstance(entry, dict)]
    return any("data/feedback" in entry.get("changed deps", {}) for entry in changes)
