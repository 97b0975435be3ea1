"""A move of production, killed anywhere, is ended by the next look at it."""

import mlflow
import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import alias_moves
from weldspot.registry.alias_moves import Move, Overtaken
from weldspot.registry.model_registry import ModelRegistry
from weldspot.workspace import Workspace


@pytest.fixture
def registry(workspace: Workspace) -> ModelRegistry:
    found = ModelRegistry(workspace, Tracking(experiment="weldspot", model="weldspot"))
    found.client.create_registered_model(found.name)
    for _ in range(2):
        found.client.create_model_version(found.name, "somewhere")
    return found


def test_begun_and_finished(registry: ModelRegistry) -> None:
    assert alias_moves.pending(registry) is None
    alias_moves.begin(registry, Move("promote", None, "1"))
    assert registry.aliases() == {"production": "1"}
    assert alias_moves.pending(registry) == Move("promote", None, "1")
    alias_moves.finish(registry)
    alias_moves.finish(registry)
    assert alias_moves.pending(registry) is None


def test_one_that_stopped_half_way_is_put_right(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    alias_moves.begin(registry, Move("promote", None, "1"))
    alias_moves.finish(registry)
    with monkeypatch.context() as patch:
        patch.setattr(alias_moves, "_make", _killed)
        with pytest.raises(KeyboardInterrupt):
            alias_moves.begin(registry, Move("rollback", "1", "2"))
    assert registry.aliases() == {"production": "1"}
    assert alias_moves.pending(registry) == Move("rollback", "1", "2")
    assert registry.aliases() == {"production": "2", "previous": "1"}


def test_whoever_judged_against_an_older_production_moves_nothing(registry: ModelRegistry) -> None:
    """As another checkout, which no lock of this one stops, would have it."""
    registry.client.create_model_version(registry.name, "somewhere")
    alias_moves.begin(registry, Move("promote", None, "1"))
    alias_moves.finish(registry)
    with pytest.raises(Overtaken, match=r"version none as production, another checkout made that version 1\b"):
        alias_moves.begin(registry, Move("promote", None, "2"))
    assert registry.aliases() == {"production": "1"}
    assert alias_moves.pending(registry) is None, "its note is gone with it"


def test_the_one_whose_note_is_replaced_gives_way(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    real, faster = registry.client.set_registered_model_tag, "promote - 2"

    def replaced(_: object, name: str, key: str, value: str) -> None:
        real(name, key, value)
        real(name, key, faster)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_tag", replaced)
        with pytest.raises(Overtaken, match="moves production at this moment"):
            alias_moves.begin(registry, Move("promote", None, "1"))
    assert registry.aliases() == {}
    assert alias_moves.pending(registry) == Move("promote", None, "2"), "the other one's is ended by whoever looks"


def test_the_other_one_a_moment_later_is_told_of(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    def both(registry: ModelRegistry, _: Move) -> None:
        registry.client.set_registered_model_alias(registry.name, "production", "2")

    with monkeypatch.context() as patch:
        patch.setattr(alias_moves, "_make", both)
        with pytest.raises(Overtaken, match=r"made that version 2\b"):
            alias_moves.begin(registry, Move("promote", None, "1"))


def test_an_old_note_does_not_undo_what_came_after_it(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.client.create_model_version(registry.name, "somewhere")
    with monkeypatch.context() as patch:
        patch.setattr(alias_moves, "_make", _killed)
        with pytest.raises(KeyboardInterrupt):
            alias_moves.begin(registry, Move("promote", None, "1"))
    registry.client.set_registered_model_alias(registry.name, "production", "3")
    assert alias_moves.pending(registry) is None
    assert registry.aliases() == {"production": "3"}


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
