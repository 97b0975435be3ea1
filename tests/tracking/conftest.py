"""What the tests of tracking share."""

import shutil
from pathlib import Path

import mlflow
import pytest

from weldspot.config import parameters

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> parameters.Params:
    """The default parameters in an empty folder with an MLflow of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    yield parameters.load()
    mlflow.set_tracking_uri(None)
