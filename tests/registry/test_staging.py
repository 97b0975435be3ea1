"""Staging is what `dvc repro` makes, or the best experiment on the same photographs, whichever ends last."""

from itertools import permutations

import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry.model_registry import CHECKS_TAG, STAGING, ModelRegistry
from weldspot.registry.staging import SCORE_TAG, SPLIT_TAG, settle
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


@pytest.fixture
def registry(workspace: Workspace) -> ModelRegistry:
    made = ModelRegistry(workspace, SECTION)
    made.client.create_registered_model(SECTION.model)
    return made


def add(registry: ModelRegistry, score: str, split: str = "same", checks: str = "passed") -> str:
    tags = {SCORE_TAG: score, SPLIT_TAG: split, CHECKS_TAG: checks}
    return str(registry.client.create_model_version(SECTION.model, "somewhere", tags=tags).version)


@pytest.mark.parametrize("order", list(permutations(["0.9836", "0.9850", "0.9840"])))
def test_of_a_queue_the_best_is_staging_whichever_ends_last(
    workspace: Workspace, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...]
) -> None:
    settle(workspace, registry, add(registry, "0.9700"))
    monkeypatch.setenv("DVC_EXP_NAME", "queued")
    for score in order:
        settle(workspace, registry, add(registry, score))
    assert registry.tags(registry.aliases()[STAGING])[SCORE_TAG] == "0.9850"


def test_an_experiment_that_is_no_better_says_why_it_is_not_staging(
    workspace: Workspace, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settle(workspace, registry, add(registry, "0.9")) == ""
    monkeypatch.setenv("DVC_EXP_NAME", "warm")
    said = settle(workspace, registry, add(registry, "0.9"))
    assert said == ("version 1 stays staging: its mean AP is 0.9000, this experiment's 0.9000, on the same photographs")
    others = settle(workspace, registry, add(registry, "0.99", split="other"))
    assert others == "version 1 stays staging: the two were measured on other photographs, which compares nothing"
    for score in ("", "nan"):
        assert settle(workspace, registry, add(registry, score)).startswith("version 1 stays staging: ")
    assert registry.aliases() == {STAGING: "1"}


def test_what_dvc_repro_makes_is_staging_though_an_experiment_was_better(
    workspace: Workspace, registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "warm")
    assert settle(workspace, registry, add(registry, "0.99")) == "", "there was none"
    assert settle(workspace, registry, "1") == "", "it is staging already"
    monkeypatch.delenv("DVC_EXP_NAME")
    assert settle(workspace, registry, add(registry, "0.8")) == ""
    assert registry.aliases() == {STAGING: "2"}


def test_what_did_not_pass_is_never_staging_and_no_longer(workspace: Workspace, registry: ModelRegistry) -> None:
    assert settle(workspace, registry, add(registry, "0.9", checks="failed")) == "it did not pass its checks"
    settle(workspace, registry, add(registry, "0.9"))
    registry.client.set_model_version_tag(SECTION.model, "2", CHECKS_TAG, "failed")
    settle(workspace, registry, "2")
    assert registry.aliases() == {}
