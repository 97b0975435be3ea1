"""One set of a hundred photographs, written in every format that is read, gives the same canonical table."""

import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import exports
import pillow_heif
import pytest
import table_writers
import writers
from PIL import Image
from sampled import sampled
from weld_classes import WELD

from weldspot.images import table
from weldspot.sources.record import PassedOver
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

pillow_heif.register_heif_opener()  # writes, which the project's own only reads
PHOTOS = writers.photos()
FORMATS = writers.FORMATS | table_writers.FORMATS
Table = dict[str, tuple[list[str], list[tuple]]]


def canonical_table(workspace: Workspace, source: Path) -> Table:
    """Labels and boxes by id: of the content of an image, whatever it is called."""
    workspace.root.mkdir()
    params = exports.params(name="folder", path=str(source))
    fetch.main(workspace, params.select(fetch.Params))
    ingest.main(
        workspace, ingest.Params(labels=params.labels, ingest=params.ingest.model_copy(update={"background_crops": 0}))
    )
    rows = [row for shard in table.shards(workspace.artifact("ingest")) for row in table.rows(shard, table.IngestedRow)]
    sides = ("xmin", "ymin", "xmax", "ymax")
    return {
        row["id"]: (row["labels"], sorted((box["label"], *(box[side] for side in sides)) for box in row["boxes"]))
        for row in rows
    }


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """What Pascal VOC gives."""
    folder = tmp_path_factory.mktemp("wanted")
    source = exports.unpacked(writers.voc(PHOTOS), folder / "in")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WELDSPOT_WORKERS", "1")
        return canonical_table(Workspace(folder / "project"), source)


def test_the_set_is_what_was_drawn(wanted: Table) -> None:
    assert len(wanted) == len(PHOTOS) == 100
    drawn = sorted(sorted((WELD.canonical(label), *sides) for label, *sides in boxes) for boxes in PHOTOS.values())
    found = sorted(boxes for _, boxes in wanted.values())
    assert [[box[0] for box in boxes] for boxes in found] == [[box[0] for box in boxes] for boxes in drawn]
    for ours, theirs in zip(found, drawn, strict=True):
        for box, other in zip(ours, theirs, strict=True):
            assert box[1:] == pytest.approx(other[1:], abs=0.01)


# through the whole of ingest one in seven; all are read and recognised below
@pytest.mark.parametrize("name", sampled(7, sorted(FORMATS)))
def test_every_format_gives_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Table, name: str
) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    write = FORMATS[name][1]
    found = canonical_table(Workspace(tmp_path / "project"), exports.unpacked(write(PHOTOS), tmp_path / "in"))
    assert found.keys() == wanted.keys()
    for image, (labels, boxes) in wanted.items():
        assert found[image][0] == labels
        assert [box[0] for box in found[image][1]] == [box[0] for box in boxes]
        for box, other in zip(found[image][1], boxes, strict=True):
            assert box[1:] == pytest.approx(other[1:], abs=1)  # masks are in whole pixels


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_recognised_and_read_whole(tmp_path: Path, name: str) -> None:
    layout, write = FORMATS[name]
    files = write(writers.photos(24))
    found, items = exports.read_all(tmp_path / "in.zip", files)
    assert found == layout
    assert len([item for item in items if not isinstance(item, PassedOver)]) == 24


@pytest.mark.parametrize("name", sampled(2, table_writers.LABELLED))
def test_classes_of_whole_images_give_the_same_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Table, name: str
) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    layout, write = table_writers.LABELLED[name]
    files = write(PHOTOS)
    assert exports.read_all(tmp_path / "in.zip", files)[0] == layout
    found = canonical_table(Workspace(tmp_path / "project"), exports.unpacked(files, tmp_path / "in"))
    assert {image: labels for image, (labels, _) in found.items()} == {i: labels for i, (labels, _) in wanted.items()}


@pytest.mark.parametrize("kind", ["PNG", "HEIF", "AVIF", "WEBP", "TIFF"])
def test_photographs_of_any_kind_have_the_same_labels_and_boxes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    photos = writers.photos(12)
    files = {}
    for name, data in writers.voc(photos).items():
        if not name.endswith(".jpg"):
            files[name] = data
            continue
        stream = io.BytesIO()
        Image.open(io.BytesIO(data)).save(stream, kind)
        files[str(Path(name).with_suffix(f".{kind}"))] = stream.getvalue()
    found = canonical_table(Workspace(tmp_path / "project"), exports.unpacked(files, tmp_path / "in"))
    drawn = sorted(sorted((WELD.canonical(label), *sides) for label, *sides in boxes) for boxes in photos.values())
    boxes_found = sorted(boxes for _, boxes in found.values())
    assert [[box[0] for box in boxes] for boxes in boxes_found] == [[box[0] for box in boxes] for boxes in drawn]
    for ours, theirs in zip(boxes_found, drawn, strict=True):
        for box, other in zip(ours, theirs, strict=True):
            assert box[1:] == pytest.approx(other[1:], abs=0.01)


CASES = Path(os.environ.get("WELDSPOT_REAL_DATA", "absent")).resolve().parent / "cases/exports"
real = [
    pytest.mark.realdata,
    pytest.mark.skipif(not CASES.is_dir(), reason="no exports beside WELDSPOT_REAL_DATA"),
    pytest.mark.thorough,
]
SIDES = ("xmin", "ymin", "xmax", "ymax")


def real_photographs(patch: pytest.MonkeyPatch) -> writers.Photos:
    """Sixty photographs of welds with their boxes, all of 640 x 640 pixels; the writers write these from here on."""
    case = CASES / "voc-kaggle-neu"
    images = {path.stem: path for path in case.rglob("*.jpg")}
    photos: writers.Photos = {}
    for note in sorted(case.rglob("*.xml")):
        objects = ElementTree.parse(note).getroot().iter("object")
        photos[f"train/{note.stem}.jpg"] = [
            (str(one.findtext("name")), *(float(one.findtext(f"bndbox/{side}") or "nan") for side in SIDES))
            for one in objects
        ]
    for module in (writers, table_writers):
        patch.setattr(module, "picture", lambda name: images[Path(name).stem].read_bytes())
        patch.setattr(module, "WIDTH", 640)
        patch.setattr(module, "HEIGHT", 640)
        patch.setattr(module, "NAMES", sorted({box[0] for boxes in photos.values() for box in boxes}))
    patch.setattr(table_writers, "SIZE", (640, 640))
    return photos


DRAWN = [
    name for name in FORMATS if not name.endswith(("run lengths", "masks", "brush"))
]  # those take minutes to write


@pytest.fixture(scope="module")
def real_wanted(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """What Pascal VOC gives of the real photographs."""
    folder = tmp_path_factory.mktemp("real")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WELDSPOT_WORKERS", "1")
        photos = real_photographs(patch)
        return canonical_table(Workspace(folder / "project"), exports.unpacked(writers.voc(photos), folder / "in"))


@pytest.mark.parametrize("name", [pytest.param(name, marks=real) for name in DRAWN])
def test_real_photographs_are_read_from_every_format_as_they_were_labelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_wanted: Table, name: str
) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    photos = real_photographs(monkeypatch)
    if name == "tfrecord in shards":
        items = (f"item {{ id: {index} name: {label!r} }}" for index, label in enumerate(table_writers.NAMES, 1))
        monkeypatch.setattr(table_writers, "LABEL_MAP", "\n".join(items).encode())
    truth = json.loads((CASES / "truth.json").read_text())
    files = FORMATS[name][1](photos)
    found = canonical_table(Workspace(tmp_path / "project"), exports.unpacked(files, tmp_path / "in"))
    shown = sorted(labels for labels, _ in found.values())
    assert shown == sorted(sorted({str(WELD.canonical(label)) for label in labels}) for labels in truth.values())
    assert {image: labels for image, (labels, _) in found.items()} == {
        i: labels for i, (labels, _) in real_wanted.items()
    }
    for image, (_, boxes) in found.items():
        left = list(real_wanted[image][1])
        for box in boxes:
            left.remove(next(b for b in left if b[0] == box[0] and b[1:] == pytest.approx(box[1:], abs=1)))
        assert left == []
