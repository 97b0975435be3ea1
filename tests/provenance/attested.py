"""A workspace with a key and a registered version that a dvc.lock has made."""

import hashlib
import subprocess
from pathlib import Path

import contract_examples
import mlflow

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.registration import register
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.signing import keys
from weldspot.tracking import runs
from weldspot.workspace import Workspace

LOCK = """schema: '2.0'
stages:
  fetch:
    cmd: weldspot run fetch
    deps:
    - path: conf/source/no-background.txt
      hash: md5
      md5: f126225a9dbe5fed4387b87f8e14f748
    outs:
    - path: artifacts/fetch
      hash: md5
      md5: 00000000000000000000000000000001.dir
  train:
    cmd: weldspot run train
    deps:
    - path: artifacts/fetch
      hash: md5
      md5: 00000000000000000000000000000001.dir
    - path: data/feedback
      hash: md5
      md5: 00000000000000000000000000000002.dir
    outs:
    - path: artifacts/train
      hash: md5
      md5: 00000000000000000000000000000003.dir
"""
REQUIREMENTS = """absl-py==2.5.1 \\
    --hash=sha256:286e71c82c1a38e75bbcf185f9b37d0305ad7786535107cb49bf4df9ff2e1f95 \\
    --hash=sha256:721200f2f0e9960f2ca9dc3a2a706b201f5f75d812c158f059cbbe29eeafbdb8
backports-strenum==1.2.8 ; python_full_version < '3.11' \\
    --hash=sha256:0ddc924c04591c2811ca024d62ecad4f7f6f08af8939c211438f48a16bd23602
pyjwt==2.15.1 \\
    --hash=sha256:0ddc924c04591c2811ca024d62ecad4f7f6f08af8939c211438f48a16bd23602
pyjwt[crypto]==2.15.1 \\
    --hash=sha256:0ddc924c04591c2811ca024d62ecad4f7f6f08af8939c211438f48a16bd23602
"""


def registry_of(workspace: Workspace) -> ModelRegistry:
    return ModelRegistry(workspace, parameters.load(workspace.params).tracking)


def made(workspace: Workspace, model: bytes = b"a network", key: bool = True) -> str:
    """The version that artifacts/export holds now, registered and not attested."""
    (workspace.root / "dvc.lock").write_text(LOCK)
    (workspace.root / "requirements.lock").write_text(REQUIREMENTS)
    workspace.metrics.parent.mkdir(exist_ok=True)
    workspace.metrics.write_text('{"mean": {"average_precision": 0.9}, "per_class": {}}')
    if key and not workspace.trust.exists():
        keys.make(workspace, 730, False)
    folder = workspace.artifact("export")
    folder.mkdir(parents=True, exist_ok=True)
    manifest = contract_examples.manifest(
        sha256=hashlib.sha256(model).hexdigest(), bytes=len(model), dvc_lock=lock_hash(workspace.root)
    )
    (folder / manifest.file).write_bytes(model)
    (folder / "manifest.json").write_bytes(manifest.json_bytes())
    for name in ("reference.parquet", "membership.parquet"):
        (folder / name).write_bytes(name.encode())
    section = parameters.load(workspace.params).tracking
    runs.connect(workspace, section)
    with mlflow.start_run(experiment_id="1") as active:
        found = Manifest.read(folder / "manifest.json")
        return register(workspace, registry_of(workspace), found, runs.Run(active.info.run_id)).version


def stored(workspace: Workspace, name: str) -> list[Path]:
    """The files of this name among MLflow's artifacts."""
    return sorted(workspace.mlflow_artifacts.rglob(name))


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
