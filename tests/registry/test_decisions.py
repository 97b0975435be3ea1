"""Decisions are kept on the version: the last one as tags, all of them in its description."""

import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import decisions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.workspace import Workspace


@pytest.fixture
def registry(workspace: Workspace) -> ModelRegistry:
    found = ModelRegistry(workspace, Tracking(experiment="weldspot", model="weldspot"))
    found.client.create_registered_model(found.name)
    found.client.create_model_version(found.name, "somewhere", tags={"checks": "passed"})
    found.client.create_model_version(found.name, "somewhere", tags={"checks": "failed"})
    return found


def test_the_last_one_counts_and_the_earlier_stay_to_be_read(registry: ModelRegistry, monkeypatch) -> None:
    monkeypatch.setenv("GITHUB_ACTOR", "ada")
    assert decisions.last(registry, "1") is None
    decisions.record(registry, "1", "refused", "- worse")
    decisions.record(registry, "1", "promoted", "- better")
    found = decisions.last(registry, "1")
    assert found is not None
    assert (found.version, found.decision, found.by, found.reason) == ("1", "promoted", "ada", "- better")
    text = registry.client.get_model_version(registry.name, "1").description
    assert text.index("**promoted**") < text.index("**refused**")


def test_a_reason_longer_than_mlflow_keeps_is_cut(registry: ModelRegistry) -> None:
    decisions.record(registry, "1", "refused", "x" * 9000)
    found = decisions.last(registry, "1")
    assert found is not None
    assert len(found.reason) == 5000


def test_checks_and_what_was_taken_back(registry: ModelRegistry) -> None:
    assert (decisions.checks_passed(registry, "1"), decisions.checks_passed(registry, "2")) == (True, False)
    assert decisions.rolled_back_on(registry, "1") == ""
    decisions.mark_rolled_back(registry, "1")
    assert decisions.rolled_back_on(registry, "1")[:2] == "20"
    decisions.clear_rolled_back(registry, "1")
    decisions.clear_rolled_back(registry, "1")
    assert decisions.rolled_back_on(registry, "1") == ""


def test_a_user_id_without_a_name_is_told_as_a_number(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 54321)
    monkeypatch.delenv("GITHUB_ACTOR", raising=False)
    decisions.record(registry, "1", "refused", "- worse")
    found = decisions.last(registry, "1")
    assert found is not None
    assert found.by.startswith("uid 54321@")
