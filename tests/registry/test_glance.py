"""What `weldspot status` reads of MLflow's database is what MLflow says."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import glance as module
from weldspot.registry.glance import Glance, glance
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


@pytest.fixture
def registry(workspace: Workspace) -> ModelRegistry:
    """Two models with three versions each, of which two have aliases."""
    for name in ("weldspot", "another"):
        made = ModelRegistry(workspace, Tracking(experiment="weldspot", model=name))
        made.client.create_registered_model(name)
        for number in (1, 2, 3):
            tags = {"sha256": str(number) * 64, "checks": "passed", "promote.reason": '- it\'s\n- "better"'}
            made.client.create_model_version(name, "somewhere", tags=tags)
        made.client.set_registered_model_alias(name, STAGING, "3" if name == "weldspot" else "2")
        made.client.set_registered_model_alias(name, PRODUCTION, "1")
    return ModelRegistry(workspace, SECTION)


def test_what_is_read_is_what_mlflow_says(
    workspace: Workspace, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = module._asked(registry)
    assert told.aliases == {STAGING: "3", PRODUCTION: "1"}
    assert set(told.tags) == {"1", "3"}
    monkeypatch.setattr(module, "_asked", lambda _: pytest.fail("MLflow was asked"))
    assert glance(workspace, SECTION) == told


@pytest.mark.parametrize(
    "damage", ["DROP TABLE model_version_tags", "ALTER TABLE registered_model_aliases RENAME TO x"]
)
def test_tables_that_are_not_as_we_know_them_are_left_to_mlflow(
    workspace: Workspace, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:

    with sqlite3.connect(workspace.mlflow_database) as connection:
        connection.execute(damage)
    asked = Glance({"production": "9"}, {"9": {}})
    monkeypatch.setattr(module, "_asked", lambda _: asked)
    assert glance(workspace, SECTION) == asked
    workspace.mlflow_database.write_bytes(b"no database")
    assert glance(workspace, SECTION) == asked


def test_another_server_is_asked_through_mlflow(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Glance({}, {})
    monkeypatch.setattr(module, "_asked", lambda _: asked)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert glance(workspace, SECTION) is asked


def test_a_look_makes_no_database(tmp_path: Path) -> None:
    assert glance(Workspace(tmp_path), SECTION) == Glance({}, {})
    assert list(tmp_path.iterdir()) == []


def test_status_imports_none_of_the_slow_packages(workspace: Workspace, registry: ModelRegistry) -> None:
    code = (
        "import sys; from pathlib import Path; from weldspot.cli import *; from weldspot.workspace import Workspace\n"
        "from weldspot.loop import status; from weldspot.runtime import dvc_commands\n"
        "dvc_commands.stale = lambda _: {}\n"
        f"print(status.status(Workspace(Path({str(workspace.root)!r}))))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *said, modules = done.stdout.splitlines()
    assert said[1].startswith("staging     version 3  333333333333  checks passed")
    assert not {"mlflow", "tensorflow", "evidently", "sklearn", "keras", "dvc", "sqlalchemy"} & set(modules.split())
