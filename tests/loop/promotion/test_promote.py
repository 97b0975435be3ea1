"""Aliases and decisions on a real registry; the models' answers are made up."""

import re

import mlflow
import numpy as np
import pytest
from exported import manifest
from registered import NAME, World, answers
from weld_classes import CLASSES

from weldspot.loop.feedback import ledger
from weldspot.loop.feedback.ledger import Revocation
from weldspot.loop.promotion.promote import promote
from weldspot.registry import versions
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_the_first_model_passes_on_its_checks_alone(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    assert promote(workspace)
    assert registry.aliases() == {"staging": "1", "production": "1"}
    tags = registry.tags("1")
    assert tags["promote.decision"] == "promoted"
    assert "first production" in tags["promote.reason"]
    assert "promoted" in (registry.registry.client.get_model_version(NAME, "1").description or "")


def test_one_that_failed_its_checks_is_refused(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    registry.registry.client.set_model_version_tag(NAME, "1", "checks", "failed")
    assert not promote(workspace)
    assert "production" not in registry.aliases()


def test_nothing_staged_is_one_line(workspace: Workspace, registry: World) -> None:
    with pytest.raises(WeldspotError, match="staging: no such version"):
        promote(workspace)


def test_a_better_one_takes_over_and_the_old_one_is_kept(
    workspace: Workspace, registry: World, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.stage("1")
    promote(workspace)
    registry.stage("2")
    assert promote(workspace)
    assert registry.aliases() == {"staging": "2", "production": "2", "previous": "1"}
    said = capsys.readouterr().out
    assert "mean AP" in said
    assert re.search(r"^promote: version 2 \(2{12}\) is production now, compared with version 1$", said, re.MULTILINE)
    assert promote(workspace), "again does nothing"
    assert registry.aliases()["previous"] == "1"


def test_a_worse_one_is_refused_and_the_version_says_why(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.stage("3")
    assert not promote(workspace)
    assert registry.aliases()["production"] == "1"
    tags = registry.tags("3")
    assert tags["promote.decision"] == "refused"
    assert "worse on held-out photographs" in tags["promote.reason"]


def test_worse_on_the_newest_feedback_alone_is_refused(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.skill["2"] = answers(3.0)
    registry.skill["2"][270:] = 1 - registry.skill["2"][270:]
    registry.stage("2")
    assert not promote(workspace)
    reason = registry.tags("2")["promote.reason"]
    assert "worse on the newest feedback (30 in" in reason
    assert "worse on held-out" not in reason


def test_feedback_too_little_to_compare_on_is_said(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.newest = 300
    registry.stage("2")
    assert promote(workspace)
    assert "the newest feedback (50 in" in registry.tags("2")["promote.reason"], "all of it then"


def test_worse_on_one_class_is_refused_by_name(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    skill = np.full(7, 5.0)
    skill[CLASSES.index("Crack")] = 0.2
    registry.skill["2"] = answers(skill)
    registry.stage("2")
    assert not promote(workspace)
    assert "worse on Crack" in registry.tags("2")["promote.reason"]


def test_better_on_average_and_much_worse_in_the_dark_is_refused(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.skill["2"] = answers(8.0)
    dark = registry.brightness == "low"
    registry.skill["2"][dark] = answers(1.0)[dark]
    registry.stage("2")
    assert not promote(workspace)
    reason = registry.tags("2")["promote.reason"]
    assert "worse where brightness=low (100 in" in reason
    assert "worse on held-out" not in reason
    assert "of 3 slices brightness=low gains least" in reason


def test_equal_passes(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.skill["2"] = registry.skill["1"].copy()
    registry.stage("2")
    assert promote(workspace)


def test_a_registry_that_does_not_answer_is_not_an_empty_one(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.stage("1")

    def fails(*_: object) -> None:
        raise mlflow.MlflowException("the database is locked")

    monkeypatch.setattr(mlflow.MlflowClient, "get_registered_model", fails)
    with pytest.raises(mlflow.MlflowException):
        promote(workspace)


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_killed_between_the_aliases_there_is_one_production_and_the_next_run_ends_it(
    workspace: Workspace, registry: World, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.stage("1")
    promote(workspace)
    registry.stage("2")
    real, made = mlflow.MlflowClient.set_registered_model_alias, []

    def killed(self: mlflow.MlflowClient, name: str, alias: str, version: str) -> None:
        if len(made) == calls:
            raise KeyboardInterrupt
        made.append(alias)
        real(self, name, alias, version)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_alias", killed)
        try:
            promote(workspace)
        except KeyboardInterrupt:
            assert registry.aliases()["production"] in ("1", "2")
    assert promote(workspace)
    assert registry.aliases() == {"staging": "2", "production": "2", "previous": "1"}


def test_too_few_photographs_to_compare_on_are_said(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.stage("1")
    promote(workspace)
    registry.stage("2")
    monkeypatch.setattr("weldspot.loop.promotion.promote._MIN_IMAGES", 1000)
    assert not promote(workspace)
    assert "too few to compare on (1000)" in registry.tags("2")["promote.reason"]


def test_answers_that_are_no_probabilities_are_one_line(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    registry.skill["1"][3, 3] = np.nan
    with pytest.raises(WeldspotError, match="no probabilities come from its file"):
        promote(workspace)
    assert "production" not in registry.aliases()


def test_answers_of_production_that_are_none_are_one_line_too(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    registry.skill["1"] = registry.skill["1"].copy()
    registry.skill["1"][:] = np.nan
    registry.stage("2")
    with pytest.raises(WeldspotError, match="version 1: no probabilities come from its file"):
        promote(workspace)
    assert registry.aliases()["production"] == "1"


def test_one_that_does_not_know_a_class_of_productions_is_refused_by_name(
    workspace: Workspace, registry: World
) -> None:
    registry.manifests["1"] = manifest(unknown=["Porosity"])
    registry.manifests["2"] = manifest(unknown=["Porosity", "Crack"])
    registry.stage("1")
    assert promote(workspace)
    assert "it does not know Porosity; phones never show" in registry.tags("1")["promote.reason"]
    registry.stage("2")
    assert not promote(workspace)
    assert "it does not know Crack, which production knows; " in registry.tags("2")["promote.reason"]
    assert registry.aliases()["production"] == "1"


def test_a_first_model_of_which_nothing_was_measured_is_refused(workspace: Workspace, registry: World) -> None:
    registry.manifests["1"] = manifest(metrics={"mean_average_precision": None, "mean_roc_auc": None})
    registry.stage("1")
    assert not promote(workspace)
    assert "version 1 has no mean AP" in registry.tags("1")["promote.reason"]


def test_who_no_longer_listens_does_not_stop_what_was_decided(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was tagged as promoted, and production stayed."""

    def closed(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    registry.stage("1")
    monkeypatch.setattr("builtins.print", closed)
    with pytest.raises(BrokenPipeError):
        promote(workspace)
    assert registry.tags("1")["promote.decision"] == "promoted"
    assert registry.aliases() == {"staging": "1", "production": "1"}


def test_one_that_learnt_from_what_was_taken_back_is_refused(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    revoked = Revocation(
        name="x", why="w", by="b", at="2026-05-01", erased=False, uploader="", uploads=[], photographs=["ab" * 32]
    )
    ledger.append(workspace, revoked)
    asked: list[set[str]] = []
    monkeypatch.setattr(versions, "learnt", lambda version, photographs: asked.append(photographs) or 3)
    registry.stage("1")
    assert not promote(workspace)
    assert asked == [{"ab" * 32}]
    assert (
        "it learnt from 3 photographs that were taken back since; `dvc repro` makes another" in capsys.readouterr().out
    )
    monkeypatch.setattr(versions, "learnt", lambda *_: 0)
    assert promote(workspace)
