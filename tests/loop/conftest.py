"""What the tests of the loop share: a workspace, Google's double, a registry with three versions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import google_sdk
import mlflow
import pytest
import registered
from google_double import Google, serving

from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder with the parameters of this repository, and nothing else."""
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def google_keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def google(google_keys_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """A double that the SDKs of this process talk to."""
    with serving(google_keys_folder) as (double, env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        google_sdk.quick(monkeypatch.setattr)
        google_sdk.forget_app()
        yield double
        google_sdk.forget_app()


@pytest.fixture(scope="session")
def three_versions(mlflow_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry's database."""
    path = tmp_path_factory.mktemp("registry") / "mlflow.db"
    shutil.copy(mlflow_tables, path)
    registered.fill(path)
    return path


@pytest.fixture
def registry(three_versions: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[registered.World]:
    """The workspace's own registry with versions 1, 2 and 3; their files and answers are made up."""
    shutil.copy(three_versions, workspace.mlflow_database)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("WELDSPOT_NOTIFY", raising=False)
    world = registered.World(workspace)
    world.install(monkeypatch.setattr)
    yield world
    mlflow.set_tracking_uri(None)
