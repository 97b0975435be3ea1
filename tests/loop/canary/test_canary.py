"""A canary from its beginning to each of its ends, stopped anywhere, in a real registry and a real folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import registered
from counted import days
from exported import manifest

from weldspot.contracts.canary import CanaryFile
from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.canary import canary
from weldspot.loop.feedback import inbox
from weldspot.loop.promotion.promote import promote
from weldspot.loop.publishing import canary_slot
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.rollback import rollback
from weldspot.loop.telemetry import reports
from weldspot.registry import alias_moves, versions
from weldspot.registry.model_registry import SHA_TAG, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

DATA = {version: f"model {version}".encode() for version in "123"}
SHA = {version: hashlib.sha256(data).hexdigest() for version, data in DATA.items()}


class Stopped(BaseException):
    """As a kill: nothing catches it."""


@pytest.fixture
def world(workspace: Workspace, registry: registered.World, monkeypatch: pytest.MonkeyPatch) -> registered.World:
    """Version 1 is served to all phones, version 2 is production and served to none."""

    def fetch(found: ModelRegistry, version: str, folder: Path) -> ModelVersion:
        file = folder / f"{version}.tflite"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(DATA[version])
        return ModelVersion(version, SHA[version], file, manifest(DATA[version]), folder, folder)

    monkeypatch.setattr(inbox, "track", lambda _: None)
    monkeypatch.setattr(versions, "fetch_version", fetch)
    for version, sha256 in SHA.items():
        registry.registry.client.set_model_version_tag(registered.NAME, version, SHA_TAG, sha256)
    for version in "12":
        registry.stage(version)
        assert promote(workspace)
        if version == "1":
            publish_production(workspace)
    return registry


def served(workspace: Workspace) -> tuple[str, float, str]:
    """The version of all phones; share and version of the challenger."""
    now = PublishedManifest.read(workspace.published / "manifest.json").version
    tried = CanaryFile.found(workspace.published / "canary.json")
    return (now, tried.share, tried.manifest.version) if tried else (now, 0.0, "")


def go_on(workspace: Workspace) -> canary.Standing | None:
    return canary.go_on(workspace, lambda: rollback(workspace, lambda: publish_production(workspace)))


def test_others_keep_what_they_have_until_it_is_everywhere(workspace: Workspace, world: registered.World) -> None:
    canary.begin(workspace, 0.1)
    assert served(workspace) == ("1", 0.1, "2")
    assert publish_production(workspace) == []
    assert served(workspace) == ("1", 0.1, "2")
    assert go_on(workspace) is not None
    reports.append(workspace, days(400, 0.05, 0.05, 1, SHA["2"]))
    assert go_on(workspace) is not None
    assert served(workspace) == ("1", 0.5, "2")
    reports.append(workspace, days(400, 0.05, 0.05, 2, SHA["2"]))
    assert go_on(workspace) is None
    assert served(workspace) == ("2", 0.0, "")
    assert courses.read(workspace) is None
    assert world.aliases()["production"] == "2"
    assert go_on(workspace) is None


def test_a_worse_one_is_taken_back_by_itself(workspace: Workspace, world: registered.World) -> None:
    canary.begin(workspace, 0.1)
    reports.append(workspace, days(150, 0.03, 0.15, 1, SHA["2"]))
    assert go_on(workspace) is None
    assert served(workspace) == ("1", 0.0, "")
    assert world.aliases()["production"] == "1"
    assert world.tags("2")["promote.decision"] == "rolled back"
    assert courses.read(workspace) is None
    world.stage("2")
    assert not promote(workspace), "it does not return by itself"


def test_by_hand_it_is_widened_given_to_all_or_rolled_back(workspace: Workspace, world: registered.World) -> None:
    canary.begin(workspace, 0.1)
    canary.begin(workspace, 0.3)
    assert served(workspace) == ("1", 0.3, "2")
    rollback(workspace, lambda: publish_production(workspace))
    assert served(workspace) == ("1", 0.0, "")
    assert courses.read(workspace) is None
    rollback(workspace, lambda: None)  # version 2 again
    canary.begin(workspace, 0.1)
    canary.begin(workspace, 1.0)
    assert served(workspace) == ("2", 0.0, "")


ALIKE, WORSE = (0.05, 0.05), (0.03, 0.15)


STOPS = [*((ALIKE, at) for at in range(7)), *((WORSE, at) for at in range(8))]
OFTEN = (1, 3, 10, 13)  # of the stops, those of every run


@pytest.mark.parametrize(
    ("rates", "at"),
    [pytest.param(*stop, marks=() if k in OFTEN else pytest.mark.thorough) for k, stop in enumerate(STOPS)],
)
def test_stopped_anywhere_the_next_run_ends_it(
    workspace: Workspace, world: registered.World, monkeypatch: pytest.MonkeyPatch, rates: tuple[float, float], at: int
) -> None:
    """After each step that changes something; what phones see is whole at any time."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **more: object) -> object:
            nonlocal count
            result = real(*given, **more)
            if count == at:
                raise Stopped
            count += 1
            return result

        return call

    reports.append(workspace, days(700, *rates, 1, SHA["2"]))
    with monkeypatch.context() as patched:
        places = ((atomic, "write_bytes"), (alias_moves, "begin"), (alias_moves, "finish"), (courses, "forget"))
        for owner, name in (*places, (canary_slot.Slot, "withdraw")):
            patched.setattr(owner, name, counted(getattr(owner, name)))
        try:
            canary.begin(workspace, 0.5)
            go_on(workspace)
        except Stopped:
            count = -1
    assert count == -1, "there are fewer steps than the test thinks"
    now, _, tried = served(workspace)
    assert (now, tried) in {("1", ""), ("1", "2"), ("2", "2"), ("2", "")}
    if world.aliases()["production"] == "2" and now == "1":
        canary.begin(workspace, 0.5) if courses.read(workspace) is None else None
    go_on(workspace)
    alias_left = alias_moves.pending(world.registry)
    if rates == ALIKE:
        assert (served(workspace), world.aliases()["production"]) == (("2", 0.0, ""), "2")
    else:
        assert (served(workspace), world.aliases()["production"]) == (("1", 0.0, ""), "1")
    assert alias_left is None
    assert courses.read(workspace) is None


def test_nothing_is_promoted_while_one_is_tried(workspace: Workspace, world: registered.World) -> None:
    canary.begin(workspace, 0.1)
    assert promote(workspace), "production already"
    world.stage("3")
    with pytest.raises(WeldspotError, match=r"^version 2 is still tried on 10% of the phones; `weldspot canary` "):
        promote(workspace)


def test_without_something_to_hold_it_against_it_is_one_line(workspace: Workspace, world: registered.World) -> None:
    (workspace.published / "manifest.json").unlink()
    with pytest.raises(WeldspotError, match="local serves nothing that it could be held against"):
        canary.begin(workspace, 0.1)
    publish_production(workspace)
    with pytest.raises(WeldspotError, match="local serves this version to all phones already"):
        canary.begin(workspace, 0.1)
    assert courses.read(workspace) is None


def test_a_target_with_one_model_for_all_has_no_canary(workspace: Workspace, world: registered.World) -> None:
    text = workspace.params.read_text().replace("- local", "- firebase_ml\n    - local")
    workspace.params.write_text(text)
    with pytest.raises(WeldspotError):
        canary.begin(workspace, 0.1)
    assert courses.read(workspace) is None


def test_a_way_back_must_lead_to_what_phones_have(workspace: Workspace, world: registered.World) -> None:
    world.stage("3")
    world.skill["3"] = world.skill["2"]
    assert promote(workspace)  # previous is 2 now, and phones have 1
    with pytest.raises(WeldspotError, match="not the previous version"):
        canary.begin(workspace, 0.1)
