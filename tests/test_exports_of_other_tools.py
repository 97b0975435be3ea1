"""The same photographs as other tools export them: the right labels, or one line that names what is missing.

The real cases are 60 photographs beside the folder that WELDSPOT_REAL_DATA names; the small ones run everywhere.
"""

import json
import os
from pathlib import Path

import exports
import pytest
from weld_classes import CLASSES, WELD

from weldspot.images import table
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

CASES = Path(os.environ.get("WELDSPOT_REAL_DATA", "absent")).resolve().parent / "cases/exports"
REFUSED = {
    "class-folders-other-names": r"29 of 60 .*'lack_of_fusion'.*'no_defect'.*'undercut'.*labels\.aliases",
}
READ = (
    *("voc-kaggle-neu", "yolo-Images-capital", "yolo-one-stray-xml", "yolo-two-exports"),
    *("coco-roboflow", "cvat-xml", "labelstudio-json"),
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    return Workspace(tmp_path / "project")


def ingested(workspace: Workspace, source: Path, **changes: object) -> dict[str, set[str]]:
    """The labels by stem; the source is fetched and ingested."""
    workspace.root.mkdir()
    params = exports.params(name="folder", path=str(source))
    fetch.main(workspace, params.select(fetch.Params))
    ingest.main(workspace, ingest.Params(labels=params.labels, ingest=params.ingest.model_copy(update=changes)))
    rows = [row for shard in table.shards(workspace.artifact("ingest")) for row in table.rows(shard, table.IngestedRow)]
    return {Path(row["name"]).stem: set(row["labels"]) for row in rows if row["source"] == "export"}


real = [pytest.mark.realdata, pytest.mark.skipif(not CASES.is_dir(), reason="no exports beside WELDSPOT_REAL_DATA")]


@pytest.mark.parametrize("unannotated", ["quarantine", "background"])
@pytest.mark.parametrize("case", [pytest.param(case, marks=real) for case in (*READ, *REFUSED)])
def test_real_photographs_as_others_export_them(workspace: Workspace, case: str, unannotated: str) -> None:
    truth = json.loads((CASES / "truth.json").read_text())
    if case in REFUSED:
        with pytest.raises(WeldspotError, match=REFUSED[case]) as error:
            ingested(workspace, CASES / case, unannotated=unannotated)
        assert "\n" not in str(error.value)
        return
    assert ingested(workspace, CASES / case, unannotated=unannotated) == {
        stem: {WELD.canonical(label) for label in labels} for stem, labels in truth.items()
    }


NAMES = exports.CLASSES
OTHER_ORDER = ["Crack", "Porosity", "Bad Welding", "Good Welding", "Spatters", "Excess Reinforcement"]
TRUTH = {f"weld{index:02d}": [(NAMES[index % 6], 8, 8, 40, 40)] + [("Spatters", 60, 60, 70, 70)] * (index % 3 == 0)
         for index in range(12)}  # fmt: skip


def picture(stem: str) -> bytes:
    return exports.jpeg(exports.scene(300 + int(stem[4:])))


def lines(stem: str, names: list[str] = NAMES) -> bytes:
    boxes = [(names.index(label), (a + c) / 2, (b + d) / 2, c - a, d - b) for label, a, b, c, d in TRUTH[stem]]
    return "\n".join(" ".join([str(n), *(f"{side / exports.SIDE:.6f}" for side in box)]) for n, *box in boxes).encode()


def tables(names: list[str] = NAMES, more: str = "") -> bytes:
    return f"names: {names}\nnc: 6\n{more}".encode()


def yolo(image: str, label: str, table: str = "data.yaml", more: str = "") -> dict[str, bytes]:
    """`{stem}` and `{split}` in the patterns are filled in."""
    files = {table: tables(more=more)}
    for index, stem in enumerate(TRUTH):
        split = ("train", "val", "test")[index % 3]
        files[image.format(stem=stem, split=split)] = picture(stem)
        files[label.format(stem=stem, split=split)] = lines(stem)
    return files


def voc(image: str, note: str) -> dict[str, bytes]:
    files = {}
    for index, (stem, boxes) in enumerate(TRUTH.items()):
        split = ("train", "val", "test")[index % 3]
        files[image.format(stem=stem, split=split, label=boxes[0][0])] = picture(stem)
        files[note.format(stem=stem, split=split)] = exports.xml(boxes)
    return files


def two_plants() -> dict[str, bytes]:
    files = {
        f"plant-{p}/data.yaml": tables(n, "train: ../train/images\n") for p, n in (("a", NAMES), ("b", OTHER_ORDER))
    }
    for index, stem in enumerate(TRUTH):
        plant, names = (("a", NAMES), ("b", OTHER_ORDER))[index % 2]
        files[f"plant-{plant}/train/images/{stem}.jpg"] = picture(stem)
        files[f"plant-{plant}/train/labels/{stem}.txt"] = lines(stem, names)
    return files


ROBOFLOWS = "train: ../train/images\n"
STRAY = {"images/weld01.xml": exports.xml(TRUTH["weld01"])}
SPLIT_LISTS = {f"{s}.txt": f"./images/{s}/weld00.jpg\n".encode() for s in ("train", "val")}
GOOD = {
    "yolo, images/split": yolo("images/{split}/{stem}.jpg", "labels/{split}/{stem}.txt"),
    "yolo, split/images": yolo("{split}/images/{stem}.jpg", "{split}/labels/{stem}.txt", more=ROBOFLOWS),
    "yolo, flat": yolo("{stem}.jpg", "{stem}.txt"),
    "yolo, flat in splits": yolo("{split}/{stem}.jpg", "{split}/{stem}.txt"),
    "yolo, capitals": yolo("Images/{stem}.JPG", "Labels/{stem}.TXT"),
    "yolo, other folders": yolo("pictures/{stem}.jpg", "marks/{stem}.txt"),
    "yolo, obj_train_data with lists": yolo("obj_train_data/{stem}.jpg", "obj_train_data/{stem}.txt") | SPLIT_LISTS,
    "yolo, lists": SPLIT_LISTS | yolo("images/{split}/{stem}.jpg", "labels/{split}/{stem}.txt", more="val: val.txt\n"),
    "yolo, deep": yolo("a/b/images/{stem}.jpg", "a/b/labels/{stem}.txt", "a/b/data.yaml"),
    "yolo, table beside": yolo("images/{stem}.jpg", "labels/{stem}.txt", "conf/data.yaml", "path: ../\ntrain: ."),
    "yolo, Windows path": yolo("images/{stem}.jpg", "labels/{stem}.txt", more="path: C:\\data\\welds\n"),
    "yolo, one stray xml": yolo("images/{stem}.jpg", "labels/{stem}.txt") | STRAY,
    "yolo, two exports": two_plants(),
    "voc, beside": voc("{split}/{stem}.jpg", "{split}/{stem}.xml"),
    "voc, devkit": voc("VOC2007/JPEGImages/{stem}.jpg", "VOC2007/Annotations/{stem}.xml"),
    "voc, capitals": voc("JPEGIMAGES/{stem}.jpg", "ANNOTATIONS/{stem}.XML"),
    "voc, class folders": voc("{split}/images/{label}/{stem}.jpg", "{split}/annotations/{stem}.xml"),
    "voc, images and labels": voc("images/{stem}.jpg", "labels/{stem}.xml"),
    "voc, one folder of notes": voc("{split}/{stem}.jpg", "annotations/{stem}.xml"),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
@pytest.mark.parametrize("unannotated", ["quarantine", "background"])
def test_small_exports_give_the_right_labels(workspace: Workspace, tmp_path: Path, case: str, unannotated: str) -> None:
    source = exports.unpacked(GOOD[case], tmp_path / "in")
    assert ingested(workspace, source, unannotated=unannotated) == {
        stem: {WELD.canonical(box[0]) for box in boxes} for stem, boxes in TRUTH.items()
    }


def test_the_small_exports_would_show_a_wrong_order() -> None:
    assert {WELD.canonical(box[0]) for boxes in TRUTH.values() for box in boxes} == set(CLASSES[1:])
    assert all(
        first != second
        for first, second in zip(NAMES, OTHER_ORDER, strict=True)
        if first not in ("Good Welding", "Spatters")
    )


FLAT = GOOD["yolo, flat"]
BROKEN = {
    "labels lost": ({n: d for n, d in FLAT.items() if not n.endswith(".txt")}, "no image has a label file"),
    "half of the labels lost": (
        {n: d for n, d in FLAT.items() if n[-5:] not in ("1.txt", "2.txt", "3.txt", "4.txt")},
        r"no layout explains 90% of its 12 images: YOLO would leave out",
    ),
    "some labels lost": (
        {n: d for n, d in FLAT.items() if n not in ("weld03.txt", "weld04.txt")},
        "YOLO would leave out 2 .weld03.jpg: no annotation: no label file of the same name",
    ),
    "no table": ({n: d for n, d in FLAT.items() if n != "data.yaml"}, "no data.yaml names the classes of"),
    "two tables": (two_plants() | {"data.yaml": tables()}, "both claim"),
    "names as text": (FLAT | {"data.yaml": b"names: Crack, Porosity"}, "neither a list"),
    "labels and xml": (
        {f"a/{n}": d for n, d in FLAT.items()} | {f"b/{n}": d for n, d in GOOD["voc, devkit"].items()},
        "Pascal VOC would leave out 12 .* YOLO would leave out 12",
    ),
    "one pair of masks a photograph": (
        FLAT | {f"{stem}.png": b"x" for stem in TRUTH}, "weld00.txt could be of each of"
    ),
    "unknown folders": (
        {f"{kind}/{stem}.jpg": picture(stem) for kind, stem in zip(["crack", "undercut"] * 6, TRUTH, strict=True)},
        r"6 of 12 \(50%\) are quarantined",
    ),
    "no folders": ({f"{stem}.jpg": picture(stem) for stem in TRUTH}, r"none of the .* the closest are .*missing: "),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("unannotated", ["quarantine", "background"])
def test_small_exports_that_lack_something_are_refused(
    workspace: Workspace, tmp_path: Path, case: str, unannotated: str
) -> None:
    files, words = BROKEN[case]
    with pytest.raises(WeldspotError, match=words) as error:
        ingested(workspace, exports.unpacked(files, tmp_path / "in"), unannotated=unannotated)
    assert "\n" not in str(error.value)


def test_a_whole_export_has_nothing_in_quarantine(tmp_path: Path) -> None:
    for files in GOOD.values():
        (tmp_path / "in.zip").write_bytes(exports.zipped(files))
        with Archive(tmp_path / "in.zip") as archive:
            assert archive.rejected == ()
        assert exports.rejected(tmp_path / "in.zip", files) == {}
