"""A move of production, killed anywhere, is ended by the next look at it."""

import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import alias_moves
from weldspot.registry.alias_moves import Move
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
        patch.setattr(alias_moves, "_make", lambda *_: None)  # killed after the note
        alias_moves.begin(registry, Move("rollback", "1", "2"))
    assert registry.aliases() == {"production": "1"}
    assert alias_moves.pending(registry) == Move("rollback", "1", "2")
    assert registry.aliases() == {"production": "2", "previous": "1"}
