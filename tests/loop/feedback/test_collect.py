"""Every upload ends in exactly one batch or in quarantine, whatever happens on the way."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uploads import MODEL, Flaky, jpeg, upload

from weldspot.config.parameters import Params, load
from weldspot.config.sections.loop import Collect
from weldspot.images import codec
from weldspot.loop.feedback import collect, inbox, quarantine
from weldspot.loop.feedback.spool import COLLECTED, Conflict, Spool, put
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

HELPERS = Path(__file__).resolve().parents[1]
PARAMS = load(HELPERS.parents[1] / "params.yaml")


@pytest.fixture(autouse=True)
def _no_dvc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "track", lambda _: None)  # DVC has its own test, in a clone


def params(after: str = "keep") -> Params:
    section = Collect(source="local", bucket="", after=after, max_megabytes=1.0)
    return PARAMS.model_copy(update={"loop": PARAMS.loop.model_copy(update={"collect": section})})


def drain(workspace: Workspace, after: str = "keep", odds: float = 0.0, seed: int = 0) -> collect.Collected:
    return collect.drain(workspace, Flaky(Spool(workspace.spool), odds, seed), params(after))


def collected(workspace: Workspace) -> list[str]:
    tables = [pq.read_table(path, columns=["origin"]) for path in inbox.waiting(workspace)]
    return sorted(name for table in tables for name in table["origin"].to_pylist())


def quarantined(workspace: Workspace) -> dict[str, str]:
    entries = [json.loads(path.read_text()) for path in quarantine.entries(workspace)]
    return {entry["name"]: entry["reason"] for entry in entries}


def test_uploads_become_one_batch_with_labels_scores_and_bare_images(workspace: Workspace) -> None:
    for number in range(10):
        assert put(workspace.spool, *upload(number))
    result = drain(workspace)
    assert (result.batches, result.images, result.failed) == (1, 10, {})
    rows = pq.read_table(inbox.waiting(workspace)[0]).to_pylist()
    for number in range(10):
        name, image, metadata = upload(number)
        row = next(row for row in rows if row["origin"] == name)
        assert row["labels"] == [metadata["labels"]]
        assert dict(zip(row["classes"], row["scores"], strict=True))[metadata["labels"]] == 1.0
        assert row["model"] == MODEL
        assert row["image"] == codec.canonical(image, 10**8, 16).data
    assert drain(workspace).images == 0, "a second run finds nothing new"
    assert len(inbox.waiting(workspace)) == 1


BAD = {
    "labels": ({"labels": "Rust"}, None, "none of the classes"),
    "html": ({}, b"<html>no</html>", "sha256"),
    "half": ({"sha256": ""}, jpeg(1)[:200], "runcated"),
    "empty": ({"sha256": ""}, b"", "zero bytes"),
    "checksum": ({"sha256": "00" * 32}, None, "sha256"),
    "big": ({}, b"\xff" * 1_100_000, "larger than"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_malformed_is_quarantined_with_its_bytes_and_reason(workspace: Workspace, case: str) -> None:
    changes, data, reason = BAD[case]
    name, image, metadata = upload(1, **changes)
    path = workspace.spool / name
    path.parent.mkdir(parents=True)
    path.write_bytes(image if data is None else data)
    path.with_suffix(".json").write_text(json.dumps(metadata))
    put(workspace.spool, *upload(2))
    result = drain(workspace)
    assert result.images == 1
    assert reason in quarantined(workspace)[name]
    (kept,) = workspace.quarantine.glob("*.bin")
    assert kept.read_bytes() == path.read_bytes()
    assert not drain(workspace).quarantined, "once is enough"


@pytest.mark.parametrize("text", ["{", '{"labels": 7}', "[]"])
def test_metadata_that_can_not_be_read_goes_to_quarantine_with_the_image(workspace: Workspace, text: str) -> None:
    name, image, _ = upload(1)
    path = workspace.spool / name
    path.parent.mkdir(parents=True)
    path.write_bytes(image)
    path.with_suffix(".json").write_text(text)
    drain(workspace, "delete")
    assert "metadata" in quarantined(workspace)[name]
    (kept,) = workspace.quarantine.glob("*.bin")
    assert kept.read_bytes() == image
    assert json.loads(kept.with_suffix(".json").read_text())["metadata"] == {"raw": text}


def test_orientation_is_applied_and_the_cameras_metadata_gone(workspace: Workspace) -> None:
    from io import BytesIO

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "ACME"
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "JPEG", exif=exif)
    name, _, metadata = upload(3, sha256="")
    put(workspace.spool, name, buffer.getvalue(), metadata)
    drain(workspace)
    image = pq.read_table(inbox.waiting(workspace)[0])["image"][0].as_py()
    with Image.open(BytesIO(image)) as kept:
        assert kept.size == (40, 60)
        assert not kept.getexif()
    assert b"ACME" not in image


@pytest.mark.parametrize("after", ["keep", "mark", "delete"])
def test_what_becomes_of_the_original(workspace: Workspace, after: str) -> None:
    name, image, metadata = upload(4)
    put(workspace.spool, name, image, metadata)
    drain(workspace, after)
    assert collected(workspace) == [name]
    assert (workspace.spool / name).exists() == (after == "keep")
    assert (workspace.spool / COLLECTED / name).exists() == (after == "mark")
    assert not put(workspace.spool, name, image, metadata), "a replay is known as one, also when it was collected"
    with pytest.raises(Conflict):
        put(workspace.spool, name, jpeg(99), metadata)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["keep", "mark", "delete"]), st.floats(0, 0.6))
def test_a_bad_line_loses_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, after: str, odds: float
) -> None:
    workspace, names = Workspace(tmp_path_factory.mktemp("line")), set()
    for number in range(12):
        name, image, metadata = upload(number, **({"labels": "?"} if number == 5 else {}))
        put(workspace.spool, name, image, metadata)
        names.add(name)
    for attempt in range(40):
        if not drain(workspace, after, odds if attempt < 39 else 0, seed + attempt).failed:
            break
    found = collected(workspace)
    assert len(found) == len(set(found)) == 11
    assert set(found) | set(quarantined(workspace)) == names
    assert len(quarantined(workspace)) == 1


def test_failures_are_said_at_the_end_when_all_else_is_safe(workspace: Workspace) -> None:
    put(workspace.spool, *upload(1))
    with pytest.raises(WeldspotError, match=r"1 upload\(s\) not fetched.*line broke.*again later"):
        collect.collect(workspace, Flaky(Spool(workspace.spool), 1.0, 0))


KILLED = """
import sys
sys.path[:0] = {helpers!r}
from pathlib import Path
from uploads import Flaky
from weldspot.config.parameters import load
from weldspot.config.sections.loop import Collect
from weldspot.loop.feedback import collect
from weldspot.loop.feedback.spool import Spool
from weldspot.workspace import Workspace
collect.ROWS = 7
workspace = Workspace(Path({root!r}))
section = Collect(source="local", bucket="", after={after!r}, max_megabytes=1.0)
params = load(workspace.params)
params = params.model_copy(update={{"loop": params.loop.model_copy(update={{"collect": section}})}})
print("ready", flush=True)
collect.drain(workspace, Flaky(Spool(workspace.spool), 0.05, {seed}), params)
"""


@pytest.mark.parametrize("after", ["keep", "delete"])
def test_killed_at_random_moments(workspace: Workspace, after: str) -> None:
    names = set()
    for number in range(60):
        name, image, metadata = upload(number, **({"model": "?"} if number % 20 == 7 else {}))
        put(workspace.spool, name, image, metadata)
        names.add(name)
    rng = random.Random(1)
    for attempt in range(5):
        code = KILLED.format(
            helpers=[str(HELPERS), str(HELPERS.parent)], root=str(workspace.root), after=after, seed=attempt
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
        for name in collected(workspace):
            assert name in names
    while drain(workspace, after).failed:
        pass
    found = collected(workspace)
    assert len(found) == len(set(found)) == 57
    assert set(found) | set(quarantined(workspace)) == names
    assert all((workspace.spool / name).exists() == (after == "keep") for name in names)


def test_only_what_this_machine_s_own_server_says_came_from_it_did(workspace: Workspace) -> None:
    put(workspace.spool, *upload(1), "loopback")
    put(workspace.spool, *upload(2), "network")
    collect.drain(workspace, Spool(workspace.spool), params())
    put(workspace.spool, *upload(3), "loopback")
    drain(workspace)  # another source, whose metadata anybody may have written
    rows = [row for path in inbox.waiting(workspace) for row in pq.read_table(path).to_pylist()]
    ways = {row["origin"]: row["via"] for row in rows}
    assert [ways[upload(number)[0]] for number in (1, 2, 3)] == ["loopback", "network", "network"]
