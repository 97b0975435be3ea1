"""What made a model, as the checkout or the commit has it that knows its dvc.lock."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue, TypeAdapter, ValidationError

from weldspot.contracts.manifest import Manifest
from weldspot.runtime import state_files
from weldspot.runtime.dvc_lock import STAGES, lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.git import git
from weldspot.runtime.yaml_files import safe_loader

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

FILES = ("dvc.lock", "params.yaml", "requirements.lock", "data.dvc", "reports/metrics.json")
_CURE = "`dvc repro` writes it anew"
_COMMITS = 1000


@dataclass(frozen=True)
class Part:
    """A file or folder of dvc.lock, as a stage read or wrote it; `md5` as DVC has it."""

    stage: str
    path: str
    md5: str


@dataclass(frozen=True)
class Record:
    """`commit`: "" where it is the checkout's own files; `files`: FILES → content, b"" of one that is not there."""

    commit: str
    files: dict[str, bytes]

    def parameters(self) -> dict[str, JsonValue]:
        """params.yaml."""
        found: dict[str, JsonValue] = safe_loader.load(self.files["params.yaml"]) or {}
        return found

    def read(self) -> list[Part]:
        """What the stages before export read that no stage wrote."""
        written = {part.path for part in self.written()}
        parts = {part.path: part for part in parts_of(self.files["dvc.lock"], "deps") if part.path not in written}
        return [parts[path] for path in sorted(parts)]

    def written(self) -> list[Part]:
        """What they wrote."""
        return parts_of(self.files["dvc.lock"], "outs")


def find(workspace: "Workspace", manifest: Manifest) -> Record | None:
    """The checkout or the commit whose dvc.lock made a model; None where neither is here."""
    root = workspace.root
    if lock_hash(root) == manifest.dvc_lock:
        return Record("", {name: _file(root / name) for name in FILES})
    commit = commit_of(workspace, manifest)
    return at(root, commit) if commit else None


def commit_of(workspace: "Workspace", manifest: Manifest) -> str:
    """The newest commit with the dvc.lock that made a model, on any branch or experiment; "" without one."""
    root = workspace.root
    commits = (git(root, "log", "--all", f"-{_COMMITS}", "--format=%H", "--", "./dvc.lock") or "").split()
    return next((commit for commit in commits if lock_hash(root, commit) == manifest.dvc_lock), "")


def at(root: Path, commit: str) -> Record:
    """The files of a commit."""
    return Record(commit, {name: _shown(root, commit, name) for name in FILES})


def parts_of(lock: bytes, key: str) -> list[Part]:
    """`deps` or `outs` of the stages before export, in the order of the graph; raises Damaged."""
    with state_files.reading("dvc.lock", _CURE):
        stages = (safe_loader.load(lock) or {}).get("stages", {})
        return [
            Part(stage, str(one["path"]), str(one["md5"]))
            for stage in STAGES
            if stage != "export" and stage in stages
            for one in stages[stage].get(key, [])
        ]


def scores(metrics: bytes) -> dict[str, float]:
    """The means of reports/metrics.json; empty where it has none."""
    try:
        found = TypeAdapter(dict[str, JsonValue]).validate_json(metrics or b"{}").get("mean", {})
        return TypeAdapter(dict[str, float]).validate_python(found)
    except ValidationError:
        return {}


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise WeldspotError(f"{path}: can't be read ({error.strerror})") from error


def _shown(root: Path, commit: str, name: str) -> bytes:
    command = ["git", "-C", str(root), "show", f"{commit}:./{name}"]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""
