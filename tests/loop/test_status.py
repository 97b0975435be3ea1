"""The whole loop on one screen."""

import hashlib
import json
import re

import contract_examples
import pytest
import registered
from counted import A, B, days
from exported import export
from uploads import upload

from weldspot.config.parameters import load
from weldspot.loop import status
from weldspot.loop.feedback import collect, inbox, quarantine
from weldspot.loop.feedback.spool import Spool, put
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.publishing.local import Local
from weldspot.loop.publishing.publish import publish
from weldspot.loop.telemetry import reports
from weldspot.registry import decisions, versions
from weldspot.runtime import dvc_commands
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import keys
from weldspot.workspace import Workspace

pytestmark = pytest.mark.usefixtures("registry")


@pytest.fixture(autouse=True)
def stale(monkeypatch: pytest.MonkeyPatch) -> dict[str, dvc_commands.Changes]:
    """What DVC says is stale; a test may fill it."""
    changes: dict[str, dvc_commands.Changes] = {}
    monkeypatch.setattr(dvc_commands, "stale", lambda _: changes)
    return changes


def collected(workspace: Workspace, count: int) -> None:
    for number in range(count):
        put(workspace.spool, *upload(number))
    params = load(workspace.params)
    collect.drain(workspace, Spool(workspace.spool), params)


def line(workspace: Workspace, name: str) -> str:
    """What follows the name."""
    found = next(text for text in status.status(workspace).splitlines() if text.startswith(name.ljust(11) + " "))
    return found[12:]


def test_a_new_project_has_a_line_for_everything(workspace: Workspace) -> None:
    assert status.status(workspace).splitlines() == [
        "graph       up to date",
        "staging     none",
        "production  none",
        "previous    none",
        "local       serves nothing; `weldspot publish`",
        "feedback    0 to collect, 0 wait in the inbox (0 not judged), 0 batch(es) admitted, 0 in quarantine",
        "last gate   none here; `weldspot gate`",
    ]


def test_the_graph_says_what_is_stale_and_what_was_begun(
    workspace: Workspace, stale: dict[str, dvc_commands.Changes], monkeypatch: pytest.MonkeyPatch
) -> None:
    stale |= {"train": [], "data.dvc": [], "export": []}
    assert line(workspace, "graph") == "stale: train, export; `dvc repro`"
    workspace.retraining.parent.mkdir(parents=True, exist_ok=True)
    workspace.retraining.write_text("{}")
    stale.clear()
    assert line(workspace, "graph") == "up to date; a retraining has begun: `weldspot retrain` goes on"

    def no_answer(_: object) -> None:
        raise WeldspotError("dvc status failed: no repository")

    monkeypatch.setattr(dvc_commands, "stale", no_answer)
    assert line(workspace, "graph") == "dvc status failed: no repository"


def test_versions_are_told_with_the_last_decision(workspace: Workspace, registry: registered.World) -> None:
    registry.stage("2")
    assert line(workspace, "staging") == "version 2  222222222222  checks passed  not judged yet"
    decisions.record(registry.registry, "2", "refused", "it is worse")
    decision = decisions.last(registry.registry, "2")
    assert decision is not None
    assert line(workspace, "staging") == f"version 2  222222222222  checks passed  refused  {decision.at}"


def test_what_production_does_not_know_is_told(workspace: Workspace, registry: registered.World) -> None:
    registry.registry.client.set_registered_model_alias(registered.NAME, "production", "2")
    versions.tag_unknown(registry.registry, "2", ["Crack", "Porosity"])
    assert line(workspace, "production").endswith("not judged yet  does not know Crack, Porosity")
    versions.tag_unknown(registry.registry, "2", [])
    assert "know" not in line(workspace, "production")


def test_a_target_that_is_behind_is_told(workspace: Workspace, registry: registered.World) -> None:
    sha256 = hashlib.sha256(b"a model").hexdigest()
    manifest = contract_examples.manifest(sha256=sha256)
    (workspace.published / "models").mkdir(parents=True)
    (workspace.published / f"models/{sha256}.tflite").write_bytes(b"a model")
    served = manifest.as_published("2").json_bytes()
    (workspace.published / "manifest.json").write_bytes(served)
    registry.registry.client.set_registered_model_alias(registered.NAME, "production", "3")
    assert line(workspace, "local") == f"serves version 2  {sha256[:12]}, but production is 3; `weldspot publish`"
    registry.registry.client.set_registered_model_alias(registered.NAME, "production", "2")
    assert line(workspace, "local") == f"serves version 2  {sha256[:12]}"


def test_where_there_is_a_key_it_is_told_until_when_what_is_served_is_taken_in(workspace: Workspace) -> None:
    file, manifest = export(workspace.root, "2")
    publish(workspace, file, manifest, ["local"], load(workspace.params).loop.publish)
    assert "sign" not in line(workspace, "local")
    keys.make(workspace, 100, False)
    assert line(workspace, "local").endswith(", but it is not signed: `weldspot publish`")
    publish(workspace, file, manifest, ["local"], load(workspace.params).loop.publish)
    assert re.search(r", signed until \d{4}-\d\d-\d\d$", line(workspace, "local"))
    keys.rotate(workspace, 100, None)
    assert "none of" in line(workspace, "local")


def test_a_target_that_does_not_answer_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: object) -> None:
        raise WeldspotError("it may not be opened")

    monkeypatch.setattr(Local, "served", closed)
    assert line(workspace, "local") == "can't be told: it may not be opened"


def test_feedback_is_counted_where_it_got_to(workspace: Workspace) -> None:
    collected(workspace, 3)
    put(workspace.spool, *upload(9))
    quarantine.keep(workspace, "feedback/anna/x.jpg", b"", {}, "no labels")
    said = line(workspace, "feedback")
    assert said == "1 to collect, 3 wait in the inbox (3 not judged), 0 batch(es) admitted, 1 in quarantine"
    waiting = inbox.waiting(workspace)
    inbox.record(workspace, waiting, inbox.Judged(outcome="drift", model="a" * 64, at="2026-06-01T09:30:00+00:00"))
    assert "3 wait in the inbox (0 not judged)" in line(workspace, "feedback")
    inbox.admit(workspace)
    said = line(workspace, "feedback")
    assert said == "1 to collect, 0 wait in the inbox (0 not judged), 1 batch(es) admitted, 1 in quarantine"


@pytest.mark.parametrize("folder", ["inbox", "feedback"])
def test_a_damaged_batch_is_one_line_that_names_it(workspace: Workspace, folder: str) -> None:
    collected(workspace, 2)
    if folder == "feedback":
        (batch,) = inbox.waiting(workspace)
        workspace.feedback.mkdir(parents=True)
        batch.rename(workspace.feedback / batch.name)
    (batch,) = (workspace.data / folder).glob("*.parquet")
    batch.write_bytes(batch.read_bytes()[:-9])
    with pytest.raises(WeldspotError, match=rf"{batch}: damaged \(.*dvc checkout data.dvc") as raised:
        status.status(workspace)
    assert "\n" not in str(raised.value)


def test_judgements_that_can_not_be_read_are_one_line(workspace: Workspace) -> None:
    collected(workspace, 1)
    workspace.judged.write_text("{")
    with pytest.raises(WeldspotError, match=rf"{workspace.judged}: damaged \(.*delete it, and"):
        status.status(workspace)


@pytest.mark.parametrize("text", ["{", json.dumps({"reason": "no name"})])
def test_an_entry_of_quarantine_that_can_not_be_read_is_one_line(workspace: Workspace, text: str) -> None:
    workspace.quarantine.mkdir(parents=True)
    entry = workspace.quarantine / "0123456789abcdef.json"
    entry.write_text(text)
    with pytest.raises(WeldspotError, match=rf"{entry}: damaged \(.*; restore it"):
        status.status(workspace)


def test_the_last_verdict_is_told_with_its_first_reason(workspace: Workspace) -> None:
    workspace.verdict.parent.mkdir(parents=True)
    verdict = contract_examples.verdict(images=210, reasons=["brightness: moved", "noise: moved"])
    workspace.verdict.write_bytes(verdict.json_bytes())
    assert line(workspace, "last gate") == f"drift on 210 photographs, {verdict.at}: brightness: moved"
    calm = contract_examples.verdict(outcome="no-drift", images=60, reasons=[])
    workspace.verdict.write_bytes(calm.json_bytes())
    assert line(workspace, "last gate") == f"no-drift on 60 photographs, {calm.at}"
    workspace.verdict.write_text("{}")
    assert line(workspace, "last gate").startswith(f"{workspace.verdict}: damaged")


def test_production_that_learnt_from_what_was_taken_back_and_the_way_back(
    workspace: Workspace, registry: registered.World
) -> None:
    client = registry.registry.client
    for alias, version in (("production", "2"), ("previous", "1")):
        client.set_registered_model_alias(registered.NAME, alias, version)
    client.set_model_version_tag(registered.NAME, "2", "revoked", "10 of anna")
    told = "learnt from feedback that was taken back (10 of anna)"
    assert line(workspace, "production").endswith(f"{told}; `weldspot rollback` goes back to version 1")
    client.set_model_version_tag(registered.NAME, "1", "revoked", "3 of anna")
    assert line(workspace, "production").endswith(f"{told}; `dvc repro` makes one without")
    workspace.revoking.parent.mkdir(exist_ok=True)
    workspace.revoking.touch()
    assert line(workspace, "graph").endswith("a revocation has begun: `weldspot collect` goes on with it")


def test_what_is_tried_on_some_phones_has_a_line(workspace: Workspace) -> None:
    courses.write(workspace, Course(version="4", sha256=B, before=A, steps=[courses.step(0.1, "begun")]))
    reports.append(workspace, days(60, 0.05, 0.05))
    assert line(workspace, "canary").startswith("version 4 on 10% of the phones since ")
    assert "looks with it" in line(workspace, "canary")
