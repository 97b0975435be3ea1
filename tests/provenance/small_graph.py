"""A repository whose graph takes seconds: three stages of a few lines, data that DVC keeps, and a registered model."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import contract_examples
import mlflow
from attested import git, registry_of

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.registry.registration import register
from weldspot.runtime import dvc_commands
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.tracking import runs
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SWITCH = "WELDSPOT_TEST_TRAINED"  # what `train` takes for a processor of another kind
GRAPH = """stages:
  fetch:
    cmd: python make.py fetch
    deps: [make.py, data]
    outs: [artifacts/fetch]
  train:
    cmd: python make.py train
    deps: [make.py, artifacts/fetch]
    outs: [artifacts/train]
  evaluate:
    cmd: python make.py evaluate
    deps: [make.py, artifacts/train]
    metrics: [reports/metrics.json: {cache: false}]
  export:
    cmd: python make.py export
    deps: [make.py, artifacts/train]
    outs: [artifacts/export]
"""
MAKE = f"""import json, os, pathlib, sys, time
stage = sys.argv[1]
if "/.weldspot/reproduce/" in os.getcwd():
    assert not [name for name in os.environ if name.startswith(("WELDSPOT_SIGNING", "MLFLOW_"))], "told too much"
at = pathlib.Path("artifacts") / stage
told = os.environ.get("{SWITCH}", "")
if stage == "fetch":
    text = pathlib.Path("data/photographs.txt").read_text()
elif stage == "train":
    if told == "for ever":
        pathlib.Path(os.environ["BEGUN"]).write_text(str(os.getpid()))
        time.sleep(600)
    text = pathlib.Path("artifacts/fetch/it").read_text().upper() + told
else:
    text = pathlib.Path("artifacts/train/it").read_text()
if stage == "evaluate":
    pathlib.Path("reports").mkdir(exist_ok=True)
    pathlib.Path("reports/metrics.json").write_text(json.dumps({{"mean": {{"average_precision": len(text) / 100}}}}))
else:
    at.mkdir(parents=True, exist_ok=True)
    (at / ("model-int8.tflite" if stage == "export" else "it")).write_text(text)
"""


def make(root: Path) -> Workspace:
    """The repository, with what it takes to run it committed, after its first run."""
    workspace = Workspace(root)
    (root / "dvc.yaml").write_text(GRAPH)
    (root / "make.py").write_text(MAKE)
    (root / ".gitignore").write_text("/artifacts\n/data\n/.weldspot/\n/mlflow.db\n/mlartifacts\n/.env\n")
    (root / "requirements.lock").write_text("")
    (root / "data").mkdir()
    (root / "data/photographs.txt").write_text("twenty photographs")
    git(root, "init", "-q")
    dvc(root, "init", "-q")
    dvc(root, "config", "core.analytics", "false")
    dvc(root, "add", "--quiet", "data")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a graph")
    dvc_commands.repro(root, "--quiet")
    return workspace


def dvc(root: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dvc", *arguments], cwd=root, check=True, capture_output=True)


def registered(workspace: Workspace) -> str:
    """The SHA-256 of the model that lies in artifacts/export, which is registered."""
    folder = workspace.artifact("export")
    model = (folder / "model-int8.tflite").read_bytes()
    kept = workspace.root / ".weldspot/out"
    shutil.copytree(folder, kept)
    sha256, commit = hashlib.sha256(model).hexdigest(), git(workspace.root, "rev-parse", "HEAD")
    manifest = contract_examples.manifest(
        sha256=sha256, bytes=len(model), dvc_lock=lock_hash(workspace.root), git_commit=commit
    )
    (folder / "manifest.json").write_bytes(manifest.json_bytes())
    for name in ("reference.parquet", "membership.parquet"):
        (folder / name).write_bytes(name.encode())
    section = parameters.load(workspace.params).tracking
    runs.connect(workspace, section)
    with mlflow.start_run(experiment_id="1") as active:
        found = Manifest.read(folder / "manifest.json")
        register(workspace, registry_of(workspace), found, runs.Run(active.info.run_id))
    shutil.rmtree(folder)
    kept.rename(folder)
    return sha256
