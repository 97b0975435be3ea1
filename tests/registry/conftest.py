"""What the tests of tracking and registry share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest

from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(mlflow_tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The default parameters in an empty folder with an MLflow of its own."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copy(mlflow_tables, tmp_path / "mlflow.db")
    yield Workspace(tmp_path)
    mlflow.set_tracking_uri(None)
