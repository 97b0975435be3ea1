"""A project with a DVC of its own, its cache and a remote, and feedback in every place where it can lie."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batches import NOON, batch
from uploads import jpeg, upload

from weldspot.loop.feedback import inbox, quarantine
from weldspot.loop.feedback.spool import Spool, put
from weldspot.runtime.dvc_cache.objects import Cache
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]


def dvc(root: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dvc", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="session")
def full_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Uploads 0–9 of anna are admitted, 10–14 wait, 15 is in quarantine, 16 in the spool, 17 was collected from it."""
    root = tmp_path_factory.mktemp("full") / "project"
    root.mkdir()
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    workspace = Workspace(root)
    dvc(root, "init", "--no-scm", "--quiet")
    dvc(root, "remote", "add", "--quiet", "-d", "store", str(root.parent / "remote"))
    let_in = batch(workspace, *range(10), when=NOON)
    inbox.record(workspace, [let_in], inbox.Judged(outcome="drift", model="ab" * 32, at="2026-05-01T12:00:00+00:00"))
    inbox.admit(workspace)
    batch(workspace, *range(10, 15), when=NOON.replace(hour=13))
    name, image, metadata = upload(15)
    quarantine.keep(workspace, name, image, metadata, "labels are unknown")
    for number in (16, 17):
        put(workspace.spool, *upload(number))
    Spool(workspace.spool).done(upload(17)[0], "mark")
    (root / "artifacts/ingest").mkdir(parents=True)
    (root / "artifacts/ingest/images-00000.parquet").write_bytes(b"PAR1 no table, but " + jpeg(3))
    (root / "mlartifacts").mkdir()
    (root / "mlartifacts/surprise.jpg").write_bytes(jpeg(4))
    inbox.track(workspace)
    dvc(root, "push", "--quiet", "data.dvc")
    return root


@pytest.fixture
def project(full_project: Path, tmp_path: Path) -> Workspace:
    """A copy of it, with its remote."""
    shutil.copytree(full_project.parent, tmp_path / "copy", symlinks=True)
    root = tmp_path / "copy/project"
    config = root / ".dvc/config"
    config.write_text(config.read_text().replace(str(full_project.parent), str(tmp_path / "copy")))
    return Workspace(root)


@pytest.fixture
def quick_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """DVC's cache where it is by default; to ask DVC takes a second each time."""
    monkeypatch.setattr(Cache, "_dvc", lambda *_: "")
