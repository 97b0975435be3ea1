"""DVC's command line, run in a repository's root."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from weldspot.runtime import dvc_recovery, dvc_repro
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal import screen

Changes = list[str | dict[str, dict[str, str]]]  # what `dvc status --json` says of one stage

_DVC = (sys.executable, "-m", "dvc")
_BUSY = ("is busy, it is being blocked by", "Unable to acquire lock")  # DVC's words of another one at work
_TRIES = 100  # DVC itself waits three seconds for its lock
_LOOK_S = 0.1  # between two looks whether another DVC has ended


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


@contextmanager
def undisturbed(root: Path, path: str, work: str) -> Iterator[None]:
    """Waits until no DVC reads or writes what lies at `path`, then holds it against those that begin.

    DVC hashes what a stage has read when the stage has ended: what came in meanwhile would pass for read.

    Args:
        root: The repository; without one there is nobody to wait for.
        path: Relative to the root.
        work: Who waits, for the line that says so.
    """
    if not (root / ".dvc").is_dir():
        yield
        return
    from dvc.fs import localfs
    from dvc.lock import LockError
    from dvc.rwlock import rwlock

    dvc_recovery.mend(root / ".dvc")
    folder = root / ".dvc/tmp"
    folder.mkdir(exist_ok=True)
    said = False
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(rwlock(str(folder), localfs, work, [], [os.path.realpath(root / path)], False))
                break
            except LockError:
                if not said:
                    print(f"weldspot: {work} waits for DVC, which is at work on {path}", file=sys.stderr, flush=True)
                said = True
                time.sleep(_LOOK_S)
        yield


def add(root: Path, path: str, safe: str) -> None:
    """Brings `path`.dvc up to date with what lies there, when no other DVC is at work on it.

    Raises:
        WeldspotError: DVC's own reason, and `safe`, which says that nothing is lost.
    """
    for _ in range(_TRIES):
        with undisturbed(root, path, f"dvc add {path}"):
            pass
        done = subprocess.run([*_DVC, "add", path], cwd=root, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if not any(words in done.stderr for words in _BUSY):  # else another DVC has begun since
            break
    errors = [line.removeprefix("ERROR: ") for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    reason = errors[0] if errors else f"dvc add {path} failed"
    raise WeldspotError(f"{path}.dvc: not brought up to date ({reason}); {safe}: run `dvc add {path}`")
