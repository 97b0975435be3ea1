"""Every upload ends in exactly one batch or in quarantine, whatever happens on the way."""

import json
import os
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

from weldspot.config.sections.loop import Collect
from weldspot.config.parameters import load
from weldspot.runtime.errors import WeldspotError
from weldspot.images import codec
from weldspot.loop.feedback import collect, feedback_batches, inbox
from weldspot.loop.feedback.spool import COLLECTED, Conflict, SPOOL, Spool, put

ROOT = Path(__file__).resolve().parents[2]
PARAMS = load(ROOT / "params.yaml")


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(inbox, "track", lambda: None)  # DVC has its own test, in a clone
    return tmp_path


def section(after: str = "keep") -> Collect:
    return Collect(source="local", bucket="", after=after, max_megabytes=1.0)


def drain(after: str = "keep", odds: float = 0.0, seed: int = 0) -> collect.Collected:
    return collect._drain(Flaky(Spool(), odds, seed), PARAMS.ingest, section(after))


def collected() -> list[str]:
    tables = [pq.read_table(path, columns=["origin"]) for path in inbox.waiting()]
    return sorted(name for table in tables for name in table["origin"].to_pylist())


def quarantined() -> dict[str, str]:
    entries = [json.loads(path.read_text()) for path in feedback_batches.QUARANTINE.glob("*.json")]
    return {entry["name"]: entry["reason"] for entry in entries}


def test_uploads_become_one_batch_with_labels_scores_and_bare_images() -> None:
    for number in range(10):
        assert put(SPOOL, *upload(number))
    result = drain()
    assert (result.batches, result.images, result.failed) == (1, 10, {})
    rows = pq.read_table(inbox.waiting()[0]).to_pylist()
    for number in range(10):
        name, image, metadata = upload(number)
        row = next(row for row in rows if row["origin"] == name)
        assert row["labels"] == [metadata["labels"]]
        assert row[metadata["labels"]] == 1.0
        assert row["model"] == MODEL
        assert row["image"] == codec.canonical(image, 10**8, 16).data
    assert drain().images == 0, "a second run finds nothing new"
    assert len(inbox.waiting()) == 1


BAD = {
    "labels": ({"labels": "Rust"}, None, "none of the seven"),
    "html": ({}, b"<html>no</html>", "sha256"),
    "half": ({"sha256": ""}, jpeg(1)[:200], "runcated"),
    "empty": ({"sha256": ""}, b"", "zero bytes"),
    "checksum": ({"sha256": "00" * 32}, None, "sha256"),
    "big": ({}, b"\xff" * 1_100_000, "larger than"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_malformed_is_quarantined_with_its_bytes_and_reason(case: str) -> None:
    changes, data, reason = BAD[case]
    name, image, metadata = upload(1, **changes)
    path = SPOOL / name
    path.parent.mkdir(parents=True)
    path.write_bytes(image if data is None else data)
    path.with_suffix(".json").write_text(json.dumps(metadata))
    put(SPOOL, *upload(2))
    result = drain()
    assert result.images == 1
    assert reason in quarantined()[name]
    (kept,) = feedback_batches.QUARANTINE.glob("*.bin")
    assert kept.read_bytes() == path.read_bytes()
    assert not drain().quarantined, "once is enough"


@pytest.mark.parametrize("text", ["{", '{"labels": 7}', "[]"])
def test_metadata_that_can_not_be_read_goes_to_quarantine_with_the_image(text: str) -> None:
    name, image, _ = upload(1)
    path = SPOOL / name
    path.parent.mkdir(parents=True)
    path.write_bytes(image)
    path.with_suffix(".json").write_text(text)
    drain("delete")
    assert "metadata" in quarantined()[name]
    (kept,) = feedback_batches.QUARANTINE.glob("*.bin")
    assert kept.read_bytes() == image
    assert json.loads(kept.with_suffix(".json").read_text())["metadata"] == {"raw": text}


def test_orientation_is_applied_and_the_cameras_metadata_gone() -> None:
    from io import BytesIO

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "ACME"
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "JPEG", exif=exif)
    name, _, metadata = upload(3, sha256="")
    put(SPOOL, name, buffer.getvalue(), metadata)
    drain()
    image = pq.read_table(inbox.waiting()[0])["image"][0].as_py()
    with Image.open(BytesIO(image)) as kept:
        assert kept.size == (40, 60)
        assert not kept.getexif()
    assert b"ACME" not in image


@pytest.mark.parametrize("after", ["keep", "mark", "delete"])
def test_what_becomes_of_the_original(after: str) -> None:
    name, image, metadata = upload(4)
    put(SPOOL, name, image, metadata)
    drain(after)
    assert collected() == [name]
    assert (SPOOL / name).exists() == (after == "keep")
    assert (SPOOL / COLLECTED / name).exists() == (after == "mark")
    assert not put(SPOOL, name, image, metadata), "a replay is known as one, also when it was collected"
    with pytest.raises(Conflict):
        put(SPOOL, name, jpeg(99), metadata)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["keep", "mark", "delete"]), st.floats(0, 0.6))
def test_a_bad_line_loses_and_doubles_nothing(seed: int, after: str, odds: float) -> None:
    import shutil

    for folder in ("data", ".weldspot"):
        shutil.rmtree(folder, ignore_errors=True)
    names = set()
    for number in range(12):
        name, image, metadata = upload(number, **({"labels": "?"} if number == 5 else {}))
        put(SPOOL, name, image, metadata)
        names.add(name)
    for attempt in range(40):
        if not drain(after, odds if attempt < 39 else 0, seed + attempt).failed:
            break
    found = collected()
    assert len(found) == len(set(found)) == 11
    assert set(found) | set(quarantined()) == names
    assert len(quarantined()) == 1


def test_failures_are_said_at_the_end_when_all_else_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    put(SPOOL, *upload(1))
    with pytest.raises(WeldspotError, match=r"1 upload\(s\) not fetched.*line broke.*again later"):
        collect.collect(Flaky(Spool(), 1.0, 0))
    monkeypatch.undo()


KILLED = """
import random, sys
sys.path.insert(0, {tests!r})
from uploads import Flaky
from weldspot.loop import collect, inbox
from weldspot.loop.spool import Spool
inbox.track = lambda: None
collect.ROWS = 7
from weldspot.config.loop import Collect
from weldspot.config.schema import load
section = Collect(source="local", bucket="", after={after!r}, max_megabytes=1.0)
print("ready", flush=True)
collect._drain(Flaky(Spool(), 0.05, {seed}), load().ingest, section)
"""


@pytest.mark.parametrize("after", ["keep", "delete"])
def test_killed_at_random_moments(after: str, workspace: Path) -> None:
    names = set()
    for number in range(60):
        name, image, metadata = upload(number, **({"model": "?"} if number % 20 == 7 else {}))
        put(SPOOL, name, image, metadata)
        names.add(name)
    rng = random.Random(1)
    for attempt in range(5):
        code = KILLED.format(tests=str(ROOT / "tests/loop"), after=after, seed=attempt)
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=workspace, env=os.environ)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name in collected():
            assert name in names
    while drain(after).failed:
        pass
    found = collected()
    assert len(found) == len(set(found)) == 57
    assert set(found) | set(quarantined()) == names
    assert all((SPOOL / name).exists() == (after == "keep") for name in names)
