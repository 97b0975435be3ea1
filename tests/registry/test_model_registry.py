"""The registered model of a real registry, and of two at once."""

from pathlib import Path

import mlflow
import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


def add(registry: ModelRegistry, sha256: str, checks: str = "passed") -> str:
    if not registry.client.search_registered_models(f"name = '{registry.name}'"):
        registry.client.create_registered_model(registry.name)
    tags = {"sha256": sha256, "checks": checks}
    return str(registry.client.create_model_version(registry.name, "somewhere", tags=tags).version)


def test_before_the_first_export_it_is_empty_and_says_what_to_do(workspace: Workspace) -> None:
    registry = ModelRegistry(workspace, SECTION)
    assert registry.aliases() == {}
    assert registry.hashes() == {}
    assert registry.find("ab" * 32) is None
    with pytest.raises(WeldspotError, match="weldspot@staging: no such version in the registry; `dvc repro` makes"):
        registry.required(STAGING)
    with pytest.raises(WeldspotError, match="`weldspot promote` makes staging production"):
        registry.required(PRODUCTION)


def test_versions_by_file_and_the_newest_of_one_file(workspace: Workspace) -> None:
    registry = ModelRegistry(workspace, SECTION)
    for _ in range(10):
        last = add(registry, "ab" * 32)
    other = add(registry, "cd" * 32)
    assert (last, registry.find("ab" * 32)) == ("10", "10"), "by number, not by letters"
    assert registry.hashes()["cd" * 32] == other
    assert registry.tags(other)["checks"] == "passed"


def test_only_what_passed_its_checks_is_nominated(workspace: Workspace) -> None:
    registry = ModelRegistry(workspace, SECTION)
    good, bad = add(registry, "ab" * 32), add(registry, "cd" * 32, "failed")
    assert registry.nominate(good)
    assert not registry.nominate(bad)
    assert registry.aliases() == {STAGING: good}
    assert registry.required(STAGING) == good


def test_no_answer_is_not_an_empty_registry(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = ModelRegistry(workspace, SECTION)

    def fails(*_: object) -> None:
        raise mlflow.MlflowException("the database is locked")

    monkeypatch.setattr(mlflow.MlflowClient, "get_registered_model", fails)
    with pytest.raises(mlflow.MlflowException):
        registry.aliases()


def test_two_workspaces_asked_in_turn_do_not_mix(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = Workspace(Path(tmp_path_factory.mktemp("elsewhere")))
    here, there = ModelRegistry(workspace, SECTION), ModelRegistry(elsewhere, SECTION)
    add(here, "ab" * 32)
    add(there, "cd" * 32)
    assert set(here.hashes()) == {"ab" * 32}
    assert set(there.hashes()) == {"cd" * 32}
    assert here.nominate("1")
    assert there.aliases() == {}
