"""The loop and the graph together: what comes late moves no photograph that was there, whatever the clocks say."""

from datetime import timedelta

import exports
import pyarrow.parquet as pq
import pytest
from batches import NOON, batch
from uploads import jpeg

from weldspot.config import parameters
from weldspot.loop.feedback import inbox
from weldspot.stages import fetch, ingest, preprocess, split
from weldspot.workspace import Workspace


def admitted(workspace: Workspace, numbers: range, days: int) -> None:
    """A batch that a collector whose clock is off by `days` has written, let in by the gate."""
    path = batch(workspace, *numbers, when=NOON + timedelta(days=days))
    inbox.record(workspace, [path], inbox.Judged(outcome="drift", model="ab" * 32, at="2026-05-01T12:00:00+00:00"))
    assert len(inbox.admit(workspace)) == 1


def splits(workspace: Workspace) -> dict[str, str]:
    """The split of each photograph, from the stages themselves."""
    params = parameters.load(workspace.params)
    workspace.artifact("augment").mkdir(parents=True, exist_ok=True)
    ingest.main(workspace, params.select(ingest.Params))
    preprocess.main(workspace, params.select(preprocess.Params))
    split.main(workspace, params.select(split.Params))
    rows = pq.read_table(workspace.split_manifest, columns=["id", "split"]).to_pylist()
    return {row["id"]: row["split"] for row in rows}


def test_150_old_scenes_keep_their_split(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two collectors, one of them a month behind, and one that is a year ahead."""
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    files = {f"{name}/{k}.jpg": jpeg(1000 + k) for k, name in enumerate(["Crack", "Porosity", "Good Welding"] * 20)}
    (workspace.root / "in.zip").write_bytes(exports.zipped(files))
    fetch.main(workspace, exports.params(name="folder", path="in.zip").select(fetch.Params))
    admitted(workspace, range(45), days=0)
    admitted(workspace, range(45, 90), days=-30)
    old = splits(workspace)
    assert len(old) == 150
    assert set(old.values()) == {"train", "val", "test"}
    for numbers, days in ((range(90, 130), -1), (range(130, 170), -31), (range(170, 180), 400)):
        admitted(workspace, numbers, days)
        new = splits(workspace)
        assert {name: new[name] for name in old} == old
        old = new
    assert len(old) == 240
