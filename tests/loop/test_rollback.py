"""The previous model is production again, wherever a run was stopped."""

import mlflow
import pytest
from registered import World

from weldspot.loop.promotion.promote import promote
from weldspot.loop.rollback import rollback
from weldspot.registry import alias_moves
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
