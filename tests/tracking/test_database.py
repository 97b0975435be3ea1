"""mlflow.db before MLflow opens it: damaged, moved, new, in use."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mlflow
import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import database, runs
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def another_programs(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()


def another_schema(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '0123456789ab'")
    database.close()


@pytest.mark.parametrize("damage", [garbage, halved, folder, another_programs, another_schema])
def test_a_database_that_is_none_is_one_line_at_once(
    workspace: Workspace, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(workspace.mlflow_database)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("MLflow itself tries again for most of a minute"))
    with pytest.raises(WeldspotError, match=r"^[^\n]*mlflow\.db[^\n]+$"):
        runs.connect(workspace, SECTION)


def test_an_empty_one_is_no_new_one_where_something_was_recorded(workspace: Workspace) -> None:
    workspace.mlflow_database.write_bytes(b"")
    (workspace.mlflow_artifacts / "models").mkdir(parents=True)
    with pytest.raises(WeldspotError, match=r"mlflow\.db: damaged \(empty, though mlartifacts/ holds what it has"):
        runs.connect(workspace, SECTION)
    assert workspace.mlflow_database.stat().st_size == 0


def recorded(workspace: Workspace) -> str:
    """A run with an artifact."""
    experiment = runs.connect(workspace, SECTION)
    with mlflow.start_run(experiment_id=experiment) as run:
        mlflow.log_text("what was measured", "note.txt")
    return str(run.info.run_id)


@pytest.mark.parametrize("how", [shutil.move, shutil.copytree])
def test_a_project_that_was_moved_or_copied_has_its_artifacts_where_it_lies(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, how: Callable[[Path, Path], object]
) -> None:
    run = recorded(workspace)
    there = Workspace(tmp_path_factory.mktemp("moved") / "weld spöt here")
    how(workspace.root, there.root)
    runs.connect(there, SECTION)
    assert mlflow.artifacts.load_text(f"runs:/{run}/note.txt") == "what was measured"
    second = recorded(there)
    assert len(list(there.mlflow_artifacts.rglob("note.txt"))) == 2
    if how is shutil.copytree:
        assert not list(workspace.mlflow_artifacts.glob(f"*{second}*")), "the copy wrote into what it is a copy of"
        runs.connect(workspace, SECTION)
        assert mlflow.artifacts.load_text(f"runs:/{run}/note.txt") == "what was measured"
    else:
        assert not workspace.mlflow_artifacts.exists()


CODE = """
import sys
from pathlib import Path
from weldspot.config.sections.tracking import Tracking
from weldspot.tracking import runs
from weldspot.workspace import Workspace
print(runs.connect(Workspace(Path(sys.argv[1])), Tracking(experiment="weldspot", model="weldspot")))
"""


@pytest.mark.thorough
def test_two_that_open_a_new_one_at_once_both_get_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(tmp_path)]
    several = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate() for process in several]
    assert [(process.returncode, output.strip()) for process, (output, _) in zip(several, said, strict=True)] == [
        (0, "1")
    ] * 2, said


def test_an_experiment_that_another_made_meanwhile_is_taken(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = mlflow.get_experiment_by_name, []

    def first_not_there(name: str) -> object:
        asked.append(name)
        if len(asked) == 1:
            mlflow.create_experiment(name)
            return None
        return real(name)

    monkeypatch.setattr(mlflow, "get_experiment_by_name", first_not_there)
    assert runs.connect(workspace, SECTION) == "1"


@pytest.mark.thorough
def test_one_in_use_is_one_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = sqlite3.connect(workspace.mlflow_database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(WeldspotError, match=r"^[^\n]*locked[^\n]*$"):
            runs.connect(workspace, SECTION)
    finally:
        holder.close()
    assert runs.connect(workspace, SECTION), "the next run goes on"


def test_an_address_without_its_driver_is_one_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy would be asked again and again, for a minute and a half."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "mssql+pymssql://weldspot:Pa55word@127.0.0.1/mlflow")
    with pytest.raises(WeldspotError, match=r"mssql\+pymssql: its driver pymssql is not installed") as caught:
        runs.connect(workspace, SECTION)
    assert "Pa55word" not in caught.value.line()


def test_what_is_a_database_and_what_a_server() -> None:
    databases = [
        "sqlite:////here/mlflow.db",
        "postgresql://a@b/c",
        "postgresql+psycopg2://a@b/c",
        "mysql+pymysql://a@b/c",
    ]
    assert all(database.is_one(address) for address in databases)
    assert not any(database.is_one(address) for address in ("http://b:5000", "https://b", "databricks", "./mlruns"))
