"""Two workspaces in one process, interleaved and without a change of folder: nothing of one is seen in the other."""

import os
from pathlib import Path

import pytest
from exported import manifest
from uploads import upload

from weldspot.contracts.verdict import Verdict
from weldspot.loop.drift.gate import gate
from weldspot.loop.feedback import feedback_batches, inbox, spool
from weldspot.loop.feedback.collect import collect
from weldspot.loop.feedback.inventory import inventory
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    made = [Workspace(tmp_path / name) for name in ("ours", "theirs")]
    for workspace in made:
        workspace.root.mkdir()
        workspace.params.write_bytes((ROOT / "params.yaml").read_bytes())

    def fetch(registry: ModelRegistry, _: str, folder: Path) -> ModelVersion:
        name = registry._workspace.root.name
        return ModelVersion(name, "ab" * 32, folder, manifest(), folder, folder)

    tracked: list[Workspace] = []
    monkeypatch.setattr(versions, "fetch", fetch)
    monkeypatch.setattr(inbox, "track", tracked.append)
    return made


def test_upload_collect_and_judge_in_turns(
    two: list[Workspace], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, folders = os.getcwd(), sorted(Path().iterdir())
    ours, theirs = two
    sent = {ours: [upload(number) for number in range(4)], theirs: [upload(number) for number in range(2, 6)]}
    for number in range(4):
        for workspace in two:
            assert spool.put(workspace.spool, *sent[workspace][number])
    for workspace in two:
        assert collect(workspace).images == 4
    for workspace in two:
        assert gate(workspace) == "insufficient-data"
    said = capsys.readouterr().out
    for workspace in two:
        assert f"4 wait in {workspace.inbox}" in said
        assert feedback_batches.known(workspace) == {name for name, _, _ in sent[workspace]}
        verdict = Verdict.read(workspace.verdict)
        assert verdict.model.version == workspace.root.name
        assert verdict.batches == [path.name for path in inbox.waiting(workspace)]
        assert verdict.images == inventory(workspace).waiting == 4
    assert os.getcwd() == before
    assert sorted(Path().iterdir()) == folders, "nothing is written where the process stands"
    assert {path.name for path in tmp_path.iterdir()} == {"ours", "theirs"}
