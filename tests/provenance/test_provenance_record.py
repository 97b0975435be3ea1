"""What made a model is found in the checkout, or in the commit that has its dvc.lock; what is damaged is a line."""

import pytest
from attested import LOCK, REQUIREMENTS, git, made, registry_of

from weldspot.contracts.manifest import Manifest
from weldspot.provenance import record
from weldspot.provenance.record import Part
from weldspot.runtime.state_files import Damaged
from weldspot.workspace import Workspace


def test_inputs_are_what_no_stage_wrote_and_outputs_come_in_the_order_of_the_graph(workspace: Workspace) -> None:
    made(workspace)
    found = record.find(workspace, Manifest.read(workspace.artifact("export") / "manifest.json"))
    assert found is not None
    assert found.commit == ""
    assert [part.path for part in found.read()] == ["conf/source/no-background.txt", "data/feedback"]
    assert found.written() == [
        Part("fetch", "artifacts/fetch", "00000000000000000000000000000001.dir"),
        Part("train", "artifacts/train", "00000000000000000000000000000003.dir"),
    ]
    assert found.files["data.dvc"] == b""
    assert "training" in found.parameters()
    assert registry_of(workspace).name == "weldspot"


def test_from_a_commit_byte_for_byte(workspace: Workspace) -> None:
    made(workspace)
    manifest = Manifest.read(workspace.artifact("export") / "manifest.json")
    git(workspace.root, "init", "-q")
    assert record.commit_of(workspace, manifest) == ""
    git(workspace.root, "add", "dvc.lock", "requirements.lock", "params.yaml")
    git(workspace.root, "commit", "-qm", "it")
    commit = git(workspace.root, "rev-parse", "HEAD")
    (workspace.root / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    git(workspace.root, "commit", "-qam", "another")
    found = record.find(workspace, manifest)
    assert found is not None
    assert (found.commit, record.commit_of(workspace, manifest)) == (commit, commit)
    assert found.files["dvc.lock"].decode() == LOCK
    assert found.files["requirements.lock"].decode() == REQUIREMENTS


@pytest.mark.parametrize("lock", [b"- x", b"stages: {train: {outs: [{path: x}]}}", b"\xff", b"stages: 3"])
def test_a_damaged_lock_is_a_line(lock: bytes) -> None:
    with pytest.raises(Damaged, match=r"dvc\.lock: damaged"):
        record.parts_of(lock, "outs")


@pytest.mark.parametrize("metrics", [b"", b"half", b"[]", b'{"mean": 3}', b"{}"])
def test_metrics_that_are_none_have_no_scores(metrics: bytes) -> None:
    assert record.scores(metrics) == {}
