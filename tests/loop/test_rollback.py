"""The previous model is production again, wherever a run was stopped."""

import mlflow
import pytest
from exported import manifest
from registered import World

from weldspot.loop import rollback as rollback_module
from weldspot.loop.promotion.promote import promote
from weldspot.loop.rollback import rollback
from weldspot.registry import alias_moves, versions
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_rollback_swaps_and_republishes_and_a_second_swaps_back(workspace: Workspace, registry: World) -> None:
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)
    published: list[str] = []
    assert rollback(workspace, lambda: published.append(registry.aliases()["production"])) == "1"
    assert (registry.aliases()["production"], registry.aliases()["previous"]) == ("1", "2")
    assert rollback(workspace, lambda: published.append(registry.aliases()["production"])) == "2"
    assert published == ["1", "2"]
    assert promote(workspace)


def test_what_was_rolled_back_does_not_return_by_itself(workspace: Workspace, registry: World) -> None:
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)
    rollback(workspace, lambda: None)
    assert not promote(workspace)
    assert registry.aliases()["production"] == "1"
    assert "was rolled back" in registry.tags("2")["promote.reason"]


def test_the_history_is_on_the_versions(workspace: Workspace, registry: World) -> None:
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)
    rollback(workspace, lambda: None)
    rollback(workspace, lambda: None)
    assert registry.tags("2")["promote.decision"] == "restored"


def test_rollback_without_a_previous_one_is_one_line(workspace: Workspace, registry: World) -> None:
    registry.stage("1")
    promote(workspace)
    with pytest.raises(WeldspotError, match="no previous version"):
        rollback(workspace, lambda: None)


def test_a_rollback_stopped_while_publishing_goes_on_instead_of_swapping_back(
    workspace: Workspace, registry: World
) -> None:
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)

    def fails() -> None:
        raise WeldspotError("no network")

    with pytest.raises(WeldspotError, match="no network"):
        rollback(workspace, fails)
    assert registry.aliases()["production"] == "1"
    assert rollback(workspace, lambda: None) == "1"
    assert registry.aliases() == {"staging": "2", "production": "1", "previous": "2"}
    assert alias_moves.pending(registry.registry) is None


def test_a_rollback_after_a_promotion_that_was_killed_goes_to_the_one_before_it(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("3", "1"):
        registry.stage(version)
        promote(workspace)
    registry.stage("2")
    real = mlflow.MlflowClient.set_registered_model_alias

    def killed(self: mlflow.MlflowClient, name: str, alias: str, version: str) -> None:
        if alias == "previous":
            raise KeyboardInterrupt
        real(self, name, alias, version)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_alias", killed)
        with pytest.raises(KeyboardInterrupt):
            promote(workspace)
    assert registry.aliases() == {"staging": "2", "production": "2", "previous": "3"}
    assert rollback(workspace, lambda: None) == "1"
    assert registry.aliases()["previous"] == "2"


def test_going_back_to_one_that_knows_less_says_so_everywhere(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    monkeypatch.setattr(rollback_module, "notify", lambda _, __, ___, body: told.append(body))
    registry.manifests["1"] = manifest(unknown=["Crack", "Porosity"])
    registry.manifests["2"] = manifest(unknown=["Porosity"])
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)
    rollback(workspace, lambda: None)
    lost = "it does not know Crack, which version 2 knows: phones no longer show that"
    assert f"rollback: version 1 is production and served again; {lost}\n" in capsys.readouterr().out
    assert registry.tags("1")["promote.reason"] == f"- production again, in place of version 2\n- {lost}"
    assert registry.tags("1")["unknown"] == "Crack, Porosity"
    assert told == [f"Version 1 is production and served again; {lost}."]
    rollback(workspace, lambda: None)
    assert "does not know" not in capsys.readouterr().out + registry.tags("2")["promote.reason"] + told[1]


def test_one_whose_files_are_damaged_is_not_gone_back_to_and_one_that_leaves_may_be(
    workspace: Workspace, registry: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1", "2"):
        registry.stage(version)
        promote(workspace)
    whole, damaged = versions.fetch_version, ["1"]

    def fetched(of: object, version: str, folder: object) -> object:
        if version in damaged:
            raise WeldspotError(f"version {version}: damaged")
        return whole(of, version, folder)  # type: ignore[arg-type]

    monkeypatch.setattr(versions, "fetch_version", fetched)
    with pytest.raises(WeldspotError, match="version 1: damaged"):
        rollback(workspace, lambda: None)
    assert (registry.aliases()["production"], "promote.rolled_back" in registry.tags("2")) == ("2", False)
    damaged[:] = ["2"]
    registry.manifests["1"] = manifest(unknown=["Crack"])
    assert rollback(workspace, lambda: None) == "1"
    assert "does not know Crack" in registry.tags("1")["promote.reason"]


def test_going_back_to_one_that_learnt_from_what_was_taken_back_says_so(
    workspace: Workspace, registry: World, capsys: pytest.CaptureFixture[str]
) -> None:
    client = registry.registry.client
    for alias, version in (("production", "2"), ("previous", "1")):
        client.set_registered_model_alias("weldspot", alias, version)
    client.set_model_version_tag("weldspot", "1", "revoked", "10 of anna")
    rollback(workspace, lambda: None)
    assert "it learnt from photographs that were taken back (10 of anna)" in capsys.readouterr().out
