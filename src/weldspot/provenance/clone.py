"""A fresh clone of a commit, with its environment and its data, in a folder that the next run takes away."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from dotenv import dotenv_values

from weldspot.config.settings import SIGNING_KEY, SIGNING_KEY_FILE
from weldspot.runtime import git
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal import screen

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

# what would lead out of the clone, and what the code of an old commit has no business with
_LEFT_OUT = (SIGNING_KEY, SIGNING_KEY_FILE, "WELDSPOT_NOTIFY", "WELDSPOT_TOKEN", "PYTHONPATH", "VIRTUAL_ENV")
_LEFT_OUT_KINDS = ("MLFLOW_", "DVC_", "GIT_", "MAKE")
_PYTHON = ".venv/bin/python"


@dataclass(frozen=True)
class Clone:
    """`root`: its folder with dvc.yaml; `python`: of its environment; `variables`: of the processes in it."""

    root: Path
    python: Path
    variables: dict[str, str]

    def run(self, doing: str, *command: str | Path) -> None:
        """Runs a command in it, its output on the screen; raises WeldspotError when it fails."""
        with screen.left_to_another():
            done = subprocess.run([*map(str, command)], cwd=self.root, env=self.variables, check=False)
        if done.returncode:
            raise WeldspotError(f"reproduce: {doing} failed, its message is above; mend it and run this again")


@contextmanager
def cloned(workspace: "Workspace", commit: str, here: bool, keep: bool) -> Iterator[Clone]:
    """A clone of the commit; with the environment of its lock file, or with the one that this runs in (`here`).

    Raises:
        WeldspotError: the commit is not here, or its environment or data can't be had.
    """
    folder = workspace.reproducing.resolve()
    _clear(folder)
    try:
        clone = _clone(workspace, folder, commit, here)
        if not here:
            clone.run("setting up the locked environment", "make", "--no-print-directory", ".venv/.runtime")
        _data(workspace, clone)
        yield clone
    finally:
        if not keep:
            _clear(folder)


def _clear(folder: Path) -> None:
    """What a run that was killed has left: its processes, which know nothing of that, and its files."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and Path(process.cwd()).is_relative_to(folder):
                process.kill()
                process.wait(10)
        except (psutil.Error, OSError):  # another user's, or gone meanwhile
            continue
    shutil.rmtree(folder, ignore_errors=True)


def _clone(workspace: "Workspace", folder: Path, commit: str, here: bool) -> Clone:
    root = workspace.root.resolve()
    top, prefix = git.git(root, "rev-parse", "--show-toplevel"), git.git(root, "rev-parse", "--show-prefix")
    if top is None or git.git(root, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise WeldspotError(f"reproduce: commit {commit[:12]} is not in this clone; `git fetch --all` brings it")
    folder.mkdir(parents=True)
    at = folder / "clone"
    for command in (
        # its objects are looked up here and nothing is written here; a commit that no branch has is found too
        ["git", "clone", "--quiet", "--shared", "--no-checkout", top, str(at)],
        ["git", "-C", str(at), "-c", "advice.detachedHead=false", "checkout", "--quiet", commit],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise WeldspotError(f"reproduce: git can't clone {commit[:12]} ({done.stderr.strip()[-200:]})")
    there = at / (prefix or "")
    if not here and not (there / "requirements.lock").is_file():
        raise WeldspotError(
            f"reproduce: commit {commit[:12]} has no requirements.lock; `--here` takes the environment of this process"
        )
    python = Path(sys.executable) if here else there / _PYTHON
    return Clone(there, python, _variables(workspace, there, python, here))


def _variables(workspace: "Workspace", root: Path, python: Path, here: bool) -> dict[str, str]:
    try:
        own = {name: value for name, value in dotenv_values(workspace.root / ".env").items() if value}
    except (OSError, UnicodeDecodeError):
        own = {}
    kept = {
        name: value
        for name, value in (own | dict(os.environ)).items()
        if name not in _LEFT_OUT and not name.startswith(_LEFT_OUT_KINDS)
    }
    kept["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    if here and (root / "src/weldspot").is_dir():
        kept["PYTHONPATH"] = str(root / "src")
    return kept


def _data(workspace: "Workspace", clone: Clone) -> None:
    """The project's own data: from this checkout's cache where that has it, else from the remote; DVC checks it."""
    if not (clone.root / "data.dvc").is_file():
        return
    mine = workspace.root / ".dvc/config.local"
    if mine.is_file():  # the remote's credentials
        shutil.copyfile(mine, clone.root / ".dvc/config.local")
    dvc = [str(clone.python), "-m", "dvc"]
    cache = workspace.main / ".dvc/cache"
    if cache.is_dir():
        command = [*dvc, "remote", "add", "--quiet", "--local", "--force", "this-checkout", str(cache)]
        subprocess.run(command, cwd=clone.root, env=clone.variables, capture_output=True, check=False)
        command = [*dvc, "pull", "--quiet", "--remote", "this-checkout", "data.dvc"]
        done = subprocess.run(command, cwd=clone.root, env=clone.variables, capture_output=True, check=False)
        if done.returncode == 0:
            return
    clone.run("bringing the data (`dvc pull data.dvc`)", *dvc, "pull", "--quiet", "data.dvc")
