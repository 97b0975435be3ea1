"""What all tests share: a project that has run, an empty MLflow, and the order that keeps both workers busy."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import phone_app
import pytest
import small_project
from filelock import FileLock
from jaxtyping import install_import_hook

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

gc.disable()  # until all is collected: a fifth of that time went into searching millions of objects that stay
if os.environ.get("PYTEST_XDIST_WORKER"):  # it collects all tests, so it needs these anyway
    # what a module under the hook imports first is compiled anew, in ten seconds: its cache has another name there
    import jax  # noqa: F401
    import sklearn.metrics  # noqa: F401

    import weldspot.model.network  # noqa: F401

# shapes and dtypes in signatures are held to, wherever these modules run in the tests' own process
install_import_hook(["weldspot.images", "weldspot.model", "weldspot.loop.drift"], "beartype.beartype")

EARLY = ("images", "model", "sources", "stages")  # together about as long as the small project takes


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes a folder by name, also for several workers only once."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder = shared / name
        with FileLock(folder.with_suffix(".lock"), timeout=600):
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                (folder / "done").touch()
        return folder

    return make


@pytest.fixture(scope="session")
def small_projects(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """`weld spot`, a clone after `dvc repro`, and `with a phone`, its copy."""

    def make(folder: Path) -> None:
        small_project.clone(folder / "weld spot")
        said = small_project.run(folder / "weld spot", "sh", "-c", "dvc repro 2>&1")
        (folder / "repro.log").write_text(said)
        shutil.copytree(folder / "weld spot", folder / "with a phone", ignore=_cache)

    return once("small projects", make)


@pytest.fixture(scope="session")
def built_app(once: Callable[[str, Callable[[Path], None]], Path]) -> None:
    """The phone app in client/dist."""
    once("built app", lambda _: phone_app.check("build"))


@pytest.fixture(scope="session")
def mlflow_tables(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """An mlflow.db in which nothing is recorded yet: making its tables takes seconds, a copy of them none."""

    def make(folder: Path) -> None:
        import mlflow

        mlflow.MlflowClient(f"sqlite:///{folder / 'mlflow.db'}").search_experiments()

    return once("mlflow tables", make) / "mlflow.db"


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
    """So that no worker waits: while one makes the small project the others have what needs none, then what is long."""
    items.sort(key=_turn)
    if not os.environ.get("WELDSPOT_ALL_TESTS"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="seconds or minutes: WELDSPOT_ALL_TESTS=1"))


def pytest_collection_finish() -> None:
    """What was imported and collected is not searched for cycles again."""
    gc.freeze()
    gc.enable()


def _turn(item: pytest.Item) -> int:
    if item.path.name in ("test_end_to_end.py", "test_phone.py"):
        return 0
    if item.path.name in ("test_phone_served.py", "test_lock_files.py", "test_postgres.py"):
        return 2
    return 1 if item.path.relative_to(Path(__file__).parent).parts[0] in EARLY else 3
