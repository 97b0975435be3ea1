"""The loop and the graph together: what comes late moves no photograph that was there, whatever the clocks say."""

import csv
from datetime import timedelta
from pathlib import Path

import cv2
import exports
import numpy as np
import pyarrow.parquet as pq
import pytest
from batches import NOON, batch, sent
from uploads import jpeg
from weld_classes import CLASSES

from weldspot.config import parameters
from weldspot.images import table
from weldspot.loop.feedback import inbox
from weldspot.stages import fetch, ingest, preprocess, split
from weldspot.workspace import Workspace


def admitted(workspace: Workspace, numbers: range, days: int) -> None:
    """A batch that a collector whose clock is off by `days` has written, let in by the gate."""
    let_in(workspace, batch(workspace, *numbers, when=NOON + timedelta(days=days)))


def let_in(workspace: Workspace, path: Path) -> None:
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
    assert len(old) == 239, "one happens to look like another photograph, and has other labels"


def photographs(seed: int) -> dict[str, bytes]:
    """36 boxed photographs of 30 scenes; the six second ones of a scene are turned, and labelled otherwise."""
    files = {}
    for k in range(30):
        picture = exports.scene(1000 * seed + k)
        box = [(exports.CLASSES[k % 6], 4, 12, 92, 40)]
        files |= {f"p{k:02d}.jpg": exports.jpeg(picture), f"p{k:02d}.xml": exports.xml(box)}
        if k < 6:
            other = [(exports.CLASSES[(k + 1) % 6], 4, 12, 92, 40)]
            files |= {f"q{k:02d}.jpg": exports.jpeg(picture[:, ::-1]), f"q{k:02d}.xml": exports.xml(other)}
    return files


def mirrored(image: bytes) -> bytes:
    return cv2.imencode(".jpg", cv2.imdecode(np.frombuffer(image, np.uint8), 1)[::-1])[1].tobytes()


def between(one: bytes, other: bytes) -> bytes:
    """A photograph that looks like both."""
    both = [cv2.imdecode(np.frombuffer(image, np.uint8), 1).astype(float) for image in (one, other)]
    return cv2.imencode(".jpg", ((both[0] + both[1]) / 2).astype(np.uint8))[1].tobytes()


def table_of(workspace: Workspace) -> dict[str, tuple[object, ...]]:
    """All that is said of each photograph and crop but the picture, and its split."""
    where = splits(workspace)
    columns = ["id", "labels", "boxes", "source", "name", "group", "age"]
    rows = table.column_table(workspace.artifact("ingest"), columns).to_pylist()
    return {row["id"]: (*map(str, row.values()), where[row["id"]]) for row in rows}


@pytest.fixture
def export(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What was there first."""
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    files = photographs(1)
    (workspace.root / "in.zip").write_bytes(exports.zipped(files))
    fetch.main(workspace, exports.params(name="folder", path="in.zip").select(fetch.Params))
    return {name: data for name, data in files.items() if name.endswith(".jpg")}


def quarantined(workspace: Workspace) -> list[str]:
    with (workspace.report("ingest") / "quarantine.csv").open(newline="") as stream:
        return [reason for _, reason in list(csv.reader(stream))[1:]]


def test_a_copy_of_a_training_photograph_moves_nothing(workspace: Workspace, export: dict[str, bytes]) -> None:
    """Byte for byte, and rightly labelled; the crops of a photograph are of its oldest copy too."""
    old = table_of(workspace)
    assert any("crop" in row for row in old.values())
    let_in(workspace, sent(workspace, [(export["p09.jpg"], exports.CLASSES[9 % 6])]))
    assert table_of(workspace) == old


@pytest.mark.parametrize(("label", "told"), [("Crack", 1), ("Background", 0)])
def test_a_crop_sent_as_a_photograph_takes_no_row(
    workspace: Workspace, export: dict[str, bytes], label: str, told: int
) -> None:
    """Who has a photograph can cut its crops as ingest does: the row, its label and all that is balanced by it stay."""
    old = table_of(workspace)
    shards = table.shards(workspace.artifact("ingest"))
    rows = (row for shard in shards for row in table.rows(shard, table.IngestedRow))
    crop = next(row for row in rows if row["source"] == "crop")
    let_in(workspace, sent(workspace, [(crop["image"], label)]))
    assert table_of(workspace) == old
    reasons = quarantined(workspace)
    assert len(reasons) == told
    assert all("of which this is a piece: Crack instead of Background" in reason for reason in reasons)


def test_the_export_sent_again_with_one_label_changes_none(
    workspace: Workspace, export: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    old = table_of(workspace)
    let_in(workspace, sent(workspace, [(image, "Good Welding") for image in export.values()]))
    # of the first six scenes, which have two photographs with two labels, rounding decides which of them is nearer
    one_label = [image for name, image in export.items() if name >= "p06.jpg" and name < "q"]
    let_in(
        workspace, sent(workspace, [(mirrored(image), "Good Welding") for image in one_label], NOON.replace(hour=13))
    )
    new = table_of(workspace)
    assert {name: new[name] for name in old} == old
    assert {row[1] for name, row in new.items() if name not in old} == {"['Good Welding']"}, "copies that agree"
    reasons = quarantined(workspace)
    wrong = sum("Good Welding" not in row[1] for row in old.values() if "crop" not in row)
    assert len(reasons) == wrong + len(one_label) * 5 // 6
    assert any(reason.startswith("contradicts p00.jpg, the same photograph: ") for reason in reasons)
    assert any(reason.startswith("contradicts p06.jpg, a photograph of the same scene: ") for reason in reasons)
    assert "50 photographs of feedback are left out" in capsys.readouterr().out


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2))])
def test_whatever_comes_later_old_photographs_stay_as_they_were(
    workspace: Workspace, export: dict[str, bytes], seed: int
) -> None:
    """Copies, turned copies, what looks like two scenes, and new scenes, each under any label, in three batches."""
    rng = np.random.default_rng(seed)
    images = list(export.values())
    old = table_of(workspace)
    for hour in range(3):
        batch_of = []
        for _ in range(25):
            one, other = (images[k] for k in rng.integers(len(images), size=2))
            new = jpeg(int(rng.integers(10**6)), 96)
            image = [one, mirrored(one), between(one, other), new][rng.integers(4)]
            batch_of.append((image, CLASSES[rng.integers(len(CLASSES))]))
            images.append(image)
        let_in(workspace, sent(workspace, batch_of, NOON.replace(hour=hour)))
        new_table = table_of(workspace)
        assert {name: new_table[name] for name in old} == old
        old = new_table


def test_one_photograph_under_sixty_ids_counts_once(workspace: Workspace, export: dict[str, bytes]) -> None:
    old = table_of(workspace)
    let_in(workspace, sent(workspace, [(jpeg(5, 96), "Crack")] * 60))
    assert len(table_of(workspace)) == len(old) + 1


def test_a_photograph_sent_as_two_things_at_once_is_neither(workspace: Workspace, export: dict[str, bytes]) -> None:
    old = table_of(workspace)
    let_in(workspace, sent(workspace, [(jpeg(5, 96), "Crack"), (jpeg(5, 96), "Porosity")]))
    assert table_of(workspace) == old
    assert quarantined(workspace) == ["contradicts itself: one batch has it as Crack and as Porosity"] * 2
