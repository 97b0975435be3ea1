"""What all tests share: a project that has run, an empty MLflow, and the order that keeps both workers busy."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import small_project
from filelock import FileLock
from jaxtyping import install_import_hook

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

# shapes and dtypes in signatures are held to, wherever these modules run in the tests' own process
install_import_hook(["weldspot.images", "weldspot.model", "weldspot.loop.drift"], "beartype.beartype")

EARLY = ("images", "model", "sources", "stages")  # together about as long as the small project takes


@pytest.fixture(scope="session")
def small_projects(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """`weld spot`, a clone after `dvc repro`, and `with a phone`, its copy: made once, also for several workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "small projects"
    with FileLock(folder.with_suffix(".lock"), timeout=600):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            small_project.clone(folder / "weld spot")
            said = small_project.run(folder / "weld spot", "sh", "-c", "dvc repro 2>&1")
            (folder / "repro.log").write_text(said)
            shutil.copytree(folder / "weld spot", folder / "with a phone", ignore=_cache)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def mlflow_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An mlflow.db in which nothing is recorded yet: making its tables takes seconds, a copy of them none."""
    import mlflow

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    mlflow.MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def workspace(mlflow_tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Workspace"]:
    """The default parameters in an empty folder with an MLflow of its own; rooms that need another make their own."""
    import mlflow

    from weldspot.workspace import Workspace

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")
    shutil.copy(small_project.ROOT / "params.yaml", tmp_path)
    shutil.copy(mlflow_tables, tmp_path / "mlflow.db")
    yield Workspace(tmp_path)
    mlflow.set_tracking_uri(None)


def _cache(folder: str, _: list[str]) -> list[str]:
    return ["cache"] if Path(folder).name == ".dvc" else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """So that no worker waits: while one makes the small project the other has what is early, then the long ones."""
    items.sort(key=_turn)
    if not os.environ.get("WELDSPOT_ALL_TESTS"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="seconds or minutes: WELDSPOT_ALL_TESTS=1"))


def _turn(item: pytest.Item) -> int:
    if item.path.name == "test_end_to_end.py":
        return 0
    if item.path.name in ("test_phone.py", "test_lock_files.py", "test_postgres.py"):
        return 2
    return 1 if item.path.relative_to(Path(__file__).parent).parts[0] in EARLY else 3
