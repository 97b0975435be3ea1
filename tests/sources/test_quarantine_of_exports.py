"""What a format can say and nobody can believe is quarantined with its reason, or is in the table as it is meant."""

import csv
from pathlib import Path

import exports
import pytest
import writers

from weldspot.images import table
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

FORMATS = (
    "coco, one file over all",
    "coco, polygons",
    "cvat, boxes",
    "cvat, polygons and subsets",
    "label studio, uploads",
    "label studio, local files",
    "label studio, JSON-MIN",
    "labelme",
    "via, project",
    "via, CSV",
)
BY_SIZE = ("coco, one", "label studio, uploads", "label studio, JSON-MIN", "via")  # a box is a corner and its sides
STRANGE = {
    "train/outside.jpg": [("Crack", 200.0, 10.0, 220.0, 30.0)],
    "train/unknown.jpg": [("Undercut", 10.0, 10.0, 30.0, 32.0)],
    "train/beyond.jpg": [("Crack", 80.0, 50.0, 120.0, 92.0)],
    "train/reversed.jpg": [("Crack", 30.0, 32.0, 10.0, 8.0)],
    "train/nothing.jpg": [],
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_image_ends_in_the_table_or_in_quarantine_with_the_right_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    monkeypatch.setattr(writers, "NAMES", [*writers.NAMES, "Undercut"])
    photos = writers.photos(40) | STRANGE
    workspace = Workspace(tmp_path / "project")
    workspace.root.mkdir()
    source = exports.unpacked(writers.FORMATS[name][1](photos), tmp_path / "in")
    params = exports.params(name="folder", path=str(source))
    fetch.main(workspace, params.select(fetch.Params))
    changes = {"background_crops": 0, "max_quarantined": 0.2}
    ingest.main(workspace, ingest.Params(labels=params.labels, ingest=params.ingest.model_copy(update=changes)))
    with (workspace.report("ingest") / "quarantine.csv").open(newline="") as lines:
        why = {row["name"].rpartition("/")[2]: row["reason"] for row in csv.DictReader(lines)}
    rows = [row for shard in table.shards(workspace.artifact("ingest")) for row in table.rows(shard, table.IngestedRow)]
    boxes = {row["name"].rpartition("/")[2]: row["boxes"] for row in rows}

    assert "a box of 'Crack' lies outside the 96 x 64 image" in why.pop("outside.jpg")
    assert why.pop("unknown.jpg") == "unknown class 'Undercut'"
    assert why.pop("nothing.jpg").startswith("annotated with nothing")
    assert [boxes["beyond.jpg"][0][side] for side in ("xmin", "ymin", "xmax", "ymax")] == pytest.approx(
        [80, 50, 96, 64]
    )
    if name.startswith(BY_SIZE):
        assert "less than nothing" in why.pop("reversed.jpg")
    else:
        found = [boxes["reversed.jpg"][0][side] for side in ("xmin", "ymin", "xmax", "ymax")]
        assert found == pytest.approx([10, 8, 30, 32])
    assert why == {}
    assert len(boxes) == len(photos) - 3 - name.startswith(BY_SIZE)
