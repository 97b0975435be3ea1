"""scripts/ci.sh: a machine that will be thrown away is connected to what lasts, or says why not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone"
    for part in ("conf", "params.yaml", ".dvc/config", "scripts/ci.sh"):
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, target)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def ci(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    stores = ("DVC_", "MLFLOW_", "GOOGLE_", "GITHUB_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(stores)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = inherited | variables | {"PATH": path, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        ["sh", "scripts/ci.sh"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_it_connects_dvc_and_keeps_the_key_to_itself(clone: Path, tmp_path: Path) -> None:
    key = {"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\\nabc%s\n"}
    done = ci(
        clone, DVC_REMOTE_URL=str(tmp_path / "store"), MLFLOW_TRACKING_URI="http://127.0.0.1:5000",
        GOOGLE_KEY=json.dumps(key), GITHUB_ENV=str(tmp_path / "github.env"),
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert str(tmp_path / "store") in (clone / ".dvc/config.local").read_text()
    assert (clone / ".dvc/config").read_bytes() == (ROOT / ".dvc/config").read_bytes()
    name, _, path = (tmp_path / "github.env").read_text().strip().partition("=")
    assert name == "GOOGLE_APPLICATION_CREDENTIALS"
    assert json.loads(Path(path).read_text()) == key
    assert Path(path).stat().st_mode & 0o077 == 0


def test_a_new_store_needs_no_first_push(clone: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "data.dvc", clone)
    shutil.copytree(ROOT / "remote", clone / "remote")
    done = ci(clone, DVC_REMOTE_URL=str(tmp_path / "store"), MLFLOW_TRACKING_URI="http://127.0.0.1:5000")
    assert done.returncode == 0, done.stderr
    dvc = [sys.executable, "-m", "dvc"]
    subprocess.run([*dvc, "pull", "data.dvc"], cwd=clone, check=True, capture_output=True)
    assert (clone / "data/background").is_dir()
    subprocess.run([*dvc, "push", "data.dvc"], cwd=clone, check=True, capture_output=True)
    assert any((tmp_path / "store").rglob("*"))


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"}, "DVC_REMOTE_URL is not set"),
        ({"DVC_REMOTE_URL": "/store"}, "MLFLOW_TRACKING_URI is not set"),
    ],
)
def test_a_missing_store_is_one_line(clone: Path, variables: dict[str, str], named: str) -> None:
    done = ci(clone, **variables)
    assert done.returncode == 1
    assert named in done.stderr
    assert done.stderr.count("\n") == 1


def test_feedback_is_not_deleted_for_a_disk_that_does_not_last(clone: Path) -> None:
    params = (clone / "params.yaml").read_text()
    assert "after: keep" in params
    (clone / "params.yaml").write_text(params.replace("after: keep", "after: delete"))
    done = ci(clone, DVC_REMOTE_URL="/store", MLFLOW_TRACKING_URI="http://127.0.0.1:5000")
    assert done.returncode == 1
    assert "loop.collect.after is 'delete'" in done.stderr
    assert not (clone / ".dvc/config.local").exists()
