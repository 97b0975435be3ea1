"""No scene is in two splits; variants follow their originals, except that nobody validates on them."""

import json
import re
from collections import Counter
from itertools import count

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from weld_classes import CLASSES, NAMES

from weldspot.config.sections.split import Split
from weldspot.images.table import AUGMENTED, PREPROCESSED, QUALITY, PreprocessedRow, write_shards
from weldspot.labels import ClassList
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import split
from weldspot.workspace import Workspace

PARAMS = split.Params(labels=NAMES, split=Split(train=0.6, val=0.2, test=0.2, seed=0, min_groups=2))
VARIANTS = 2
PICTURE = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes()


def row(number: int, group: str, age: int = 0) -> PreprocessedRow:
    labels = [CLASSES[number % len(CLASSES)]]
    row = {
        "id": f"{number:064x}",
        "image": PICTURE,
        "labels": labels,
        "source": "export",
        "name": "a.jpg",
        "group": group,
        "age": age,
    }
    return row | dict.fromkeys(QUALITY, 0.0)


def run(workspace: Workspace, rows: list[PreprocessedRow], variants: int = VARIANTS) -> list[dict]:
    """The manifest."""
    for stage in ("preprocess", "augment"):
        workspace.artifact(stage).mkdir(parents=True, exist_ok=True)
    write_shards(workspace.artifact("preprocess"), rows, PREPROCESSED, shard_rows=64)
    varied = [
        {"id": r["id"], "variant": v, "image": b"y", "labels": r["labels"], "group": r["group"]}
        for r in rows
        for v in range(1, variants + 1)
    ]
    write_shards(workspace.artifact("augment"), varied, AUGMENTED, shard_rows=64)
    split.main(workspace, PARAMS)
    return pq.read_table(workspace.split_manifest).to_pylist()


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def rows() -> list[PreprocessedRow]:
    rng = np.random.default_rng(0)
    return [row(number, f"scene{rng.integers(60)}") for number in range(140)]


def test_originals_come_first_and_variants_follow_them(workspace, rows):
    manifest = run(workspace, rows)
    originals = [line for line in manifest if line["variant"] == 0]
    assert manifest[: len(rows)] == originals
    assert [line["id"] for line in originals] == [r["id"] for r in rows]
    assert {line["split"] for line in originals} == {"train", "val", "test"}
    of = {line["id"]: line["split"] for line in originals}
    follows = {"train": "train", "test": "robustness"}
    assert [(line["id"], line["variant"], line["split"]) for line in manifest[len(rows) :]] == [
        (r["id"], v, follows[of[r["id"]]]) for r in rows for v in (1, 2) if of[r["id"]] != "val"
    ]


def test_the_report_counts_what_the_manifest_says_and_proves_that_nothing_leaks(workspace, rows, capsys):
    originals = [line for line in run(workspace, rows) if line["variant"] == 0]
    report = json.loads((workspace.report("split") / "report.json").read_text())
    for name in ("train", "val", "test"):
        inside = [line for line in originals if line["split"] == name]
        assert report["images"][name]["total"] == len(inside)
        assert report["groups"][name]["total"] == len({line["group"] for line in inside})
        assert sum(report["images"][name].values()) == 2 * len(inside)  # one label each
    assert report["groups_in_two_splits"] == report["warnings"] == []
    lines = (workspace.report("split") / "counts.csv").read_text().splitlines()
    assert lines[0] == "split,class,images"
    assert len(lines) == 1 + 3 * (1 + len(CLASSES))
    assert f"train,Crack,{report['images']['train']['Crack']}" in lines
    total = len({line["group"] for line in originals})
    scenes = Counter(line["group"] for line in originals)
    said = f"none of the {total} scenes that names and near-copies tell of is in two splits (the largest: "
    assert f"{said}{max(scenes.values())} images); see" in capsys.readouterr().out


def test_what_is_said_of_leaks_is_what_was_counted(workspace, rows, capsys, monkeypatch):
    monkeypatch.setattr(
        split, "partition", lambda labels, *_: np.array(["train", "val", "test"] * len(labels))[: len(labels)]
    )
    run(workspace, rows)
    counted = len(json.loads((workspace.report("split") / "report.json").read_text())["groups_in_two_splits"])
    assert counted > 0
    assert f" images; {counted} of the " in capsys.readouterr().out


def test_a_class_with_too_few_scenes_is_warned_about(workspace, capsys):
    run(workspace, [row(number, f"scene{number}") for number in range(7)])
    warnings = json.loads((workspace.report("split") / "report.json").read_text())["warnings"]
    assert len(warnings) == 3 * len(CLASSES)
    ends = "(split.min_groups=2): its score is not to be trusted"
    assert all(re.match(rf"{name} has [01] groups in \w+ ", text) and text.endswith(ends)
               for text, name in zip(warnings, CLASSES * 3, strict=True))  # fmt: skip
    (told,) = capsys.readouterr().out.splitlines()[:-1]
    assert told.startswith("split: warning: scores of classes with few groups are not to be trusted (under split.min_")
    assert all(told.count(name) == 3 for name in CLASSES)


def test_a_warning_of_many_classes_is_no_page():
    classes = ClassList(tuple(f"class {n}" for n in range(20)))
    told = split._few({"val": dict.fromkeys(classes.names, 9), "test": dict.fromkeys(classes.names, 1)}, classes, 2)
    assert told.count("class ") == split._SHOWN
    assert "val" not in told
    assert told.endswith(" 1 and 12 more, in reports/split/report.json")


def test_feedback_moves_no_photograph_that_was_there_before(workspace, rows):
    before = {line["id"]: line["split"] for line in run(workspace, rows) if line["variant"] == 0}
    numbers = count(1000)
    later = [row(next(numbers), f"new{k}", age) for age in (1, 2) for k in range(20)]
    after = {line["id"]: line["split"] for line in run(workspace, [*rows, *later]) if line["variant"] == 0}
    assert {image_id: after[image_id] for image_id in before} == before
    assert {after[r["id"]] for r in later} == {"train", "val", "test"}


def test_without_variants_there_are_originals_alone(workspace, rows):
    assert {line["variant"] for line in run(workspace, rows, variants=0)} == {0}


def test_too_few_images_say_where_the_others_are(workspace):
    with pytest.raises(WeldspotError, match=r"2 images are too few; see .*reports/ingest/quarantine\.csv"):
        run(workspace, [row(0, "a"), row(1, "b")])
    assert not workspace.split_manifest.exists()


@pytest.mark.parametrize("scenes", [1, 2])
def test_too_few_scenes_for_three_splits_are_an_error_that_says_what_to_do(workspace, scenes):
    with pytest.raises(
        WeldspotError, match=rf"^split: no image for .*test: the 40 photographs look like {scenes} scene"
    ):
        run(workspace, [row(number, f"scene{number % scenes}") for number in range(40)])
    assert not workspace.split_manifest.exists()
    assert (workspace.report("split") / "largest_groups.jpg").exists(), "what the message says to look at"
