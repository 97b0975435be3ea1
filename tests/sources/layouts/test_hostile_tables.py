"""Tables, shards and YOLO's later forms as they go wrong: each image is read right, or said to be left out and why."""

import io
import os
import random
import tarfile
from pathlib import PurePosixPath

import exports
import pytest
import table_writers
import writers

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import PassedOver, Record, Rejected, is_image

FORMATS = table_writers.FORMATS
PHOTOS = writers.photos(24)
TEXT = (".csv", ".jsonl", ".yaml", ".txt", ".pbtxt", ".md", ".xml")
UNANNOTATED = "extra photograph.jpg"
Files = dict[str, bytes]
Items = list[Record | Rejected | PassedOver]


def number_of(name: str) -> str:
    """What is the same of a photograph in every format: its number."""
    digits = "".join(letter for letter in PurePosixPath(name).stem if letter.isdigit())
    return digits[-3:].rjust(3, "0")


TRUTH = {f"{index:03d}": boxes for index, boxes in enumerate(PHOTOS.values())}


def unpacked(files: Files) -> Files:
    """What lies in the tars among the files, in folders of their names."""
    found: Files = {}
    for name, data in files.items():
        if ".tar" not in name:
            found[name] = data
            continue
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for info in archive:
                content = archive.extractfile(info)
                found[f"{name}/{info.name.removeprefix('./')}"] = content.read() if content else b""
    return found


def written(name: str, photos: writers.Photos = PHOTOS) -> Files:
    return unpacked(FORMATS[name][1](photos))


def read(tmp_path, files: Files) -> Items | str:
    """The items, or the line of a refusal."""
    try:
        return exports.read_all(tmp_path / "in.zip", files)[1]
    except WeldspotError as error:
        said = str(error)
    assert "\n" not in said
    return said


def check(items: Items, files: Files, truth: dict[str, list] = TRUTH) -> set[str]:
    """Every file is spoken of, and no image has another's labels or boxes; the numbers of those that were read."""
    said = {item.name for item in items}
    notes = {"." + name.rsplit(".", 1)[-1].lower() for name in files}
    assert {name for name in files if is_image(name) and "/." not in f"/{name}"} <= said, notes
    read_right = set()
    for item in items:
        if isinstance(item, Record):
            boxes = truth[number_of(item.name)]
            assert sorted(item.labels) == sorted(box[0] for box in boxes), item
            scale = item.frame if item.frame == (1.0, 1.0) else None
            for ours, theirs in zip(sorted(item.boxes), sorted(boxes), strict=True):
                sides = [s * d for s, d in zip(ours[1:], (96, 64, 96, 64), strict=True)] if scale else ours[1:]
                assert sides == pytest.approx(theirs[1:], abs=0.5), item
            read_right.add(number_of(item.name))
        elif isinstance(item, Rejected):
            assert item.reason
    return read_right


@pytest.fixture(params=FORMATS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rewritten(files: Files, change: object) -> Files:
    assert callable(change)
    return {n: change(data) if n.lower().endswith(TEXT) else data for n, data in files.items()}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_text_in_other_encodings(tmp_path, name, encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    files = rewritten(written(name), lambda data: (mark + data.decode()).encode(encoding))
    assert check(read(tmp_path, files), files) == TRUTH.keys()


def test_lines_that_end_as_windows_ends_them(tmp_path, name):
    files = rewritten(written(name), lambda data: data.replace(b"\n", b"\r\n"))
    assert check(read(tmp_path, files), files) == TRUTH.keys()


def test_a_root_folder_and_what_systems_leave_behind(tmp_path, name):
    files = {f"my export (1)/{n}": data for n, data in written(name).items()}
    noise = ("__MACOSX/my export (1)/._a.jpg", ".DS_Store", "my export (1)/.DS_Store", "my export (1)/Thumbs.db")
    files |= dict.fromkeys((*noise, "my export (1)/._weld-001.jpg", "my export (1)/._data.yaml"), b"\0\5\x16\7")
    items = read(tmp_path, files)
    assert check(items, files) == TRUTH.keys()
    assert {item.name for item in items if isinstance(item, PassedOver)} >= set(noise)


def test_endings_in_capitals(tmp_path, name):
    files = {n: data for n, data in written(name).items() if not n.endswith(".tfexample")}
    files = {str(PurePosixPath(n).with_suffix(PurePosixPath(n).suffix.upper())): data for n, data in files.items()}
    assert check(read(tmp_path, files), files) == TRUTH.keys()


ODD = ("weld #{}.jpg", "weld 100% {}.jpg", "weld %20 {}.jpg", "Schweißnaht {}.jpg", "🔥 weld {}.jpg", "a.b weld {}.jpg")


@pytest.mark.parametrize("pattern", ODD)
def test_odd_names(tmp_path, name, pattern):
    photos = {f"{n.split('/')[0]}/{pattern.format(number_of(n))}": boxes for n, boxes in PHOTOS.items()}
    files = written(name, photos)
    assert check(read(tmp_path, files), files) == TRUTH.keys()


def test_files_of_no_bytes(tmp_path, name):
    files = written(name) | dict.fromkeys(("empty.csv", "notes.txt", "x.json", "x.jsonl", "x.parquet", "x.xml"), b"")
    files |= {"labels.tsv": b"", "x.tfrecord": b"", "x.pbtxt.bak": b"", "a.cls": b""}
    assert check(read(tmp_path, files), files) == TRUTH.keys()


def images(files: Files) -> list[str]:
    return [name for name in files if is_image(name)]


SHARDED = ("tfrecord", "tfrecord in shards", "Hugging Face Parquet of images")


def test_a_photograph_that_is_lost_is_told_and_none_takes_its_place(tmp_path, name):
    if name in SHARDED:
        pytest.skip("a record's image can't be lost alone")
    files = written(name)
    lost = images(files)[5]
    del files[lost]
    items = read(tmp_path, files)
    assert check(items, files) == TRUTH.keys() - {number_of(lost)}
    stem = PurePosixPath(lost).stem
    assert any(stem in item.name for item in items if isinstance(item, Rejected))


def test_most_photographs_lost_is_no_export(tmp_path, name):
    if name in SHARDED:
        pytest.skip("a record's image can't be lost alone")
    files = written(name)
    for lost in images(files)[:16]:
        del files[lost]
    said = read(tmp_path, files)
    assert isinstance(said, str)
    assert "16 of 24 annotat" in said


def test_a_photograph_too_many_is_quarantined(tmp_path, name):
    folder = PurePosixPath(next(iter(images(written(name))), "train/x.jpg")).parent
    extra = str(folder / UNANNOTATED)
    files = written(name) | {extra: writers.picture("train/extra")}
    items = read(tmp_path, files)
    assert check(items, files) == TRUTH.keys()
    assert [item.name for item in items if isinstance(item, Rejected)] == [extra]


def test_most_photographs_too_many_is_no_export(tmp_path, name):
    files = written(name) | {f"more/photo{index}.jpg": b"x" for index in range(60)}
    said = read(tmp_path, files)
    assert isinstance(said, str)
    assert "would leave out 60" in said


def test_a_class_that_nobody_knows_keeps_its_spelling(tmp_path, name):
    photos = {n: [(box[0] if box[0] != "Crack" else "Crack", *box[1:]) for box in boxes] for n, boxes in PHOTOS.items()}
    renamed = {n: data.replace(b"Crack", b"Blob!") for n, data in written(name, photos).items()}
    if name.startswith("tfrecord") or "parquet" in name.lower():
        pytest.skip("its bytes have checksums or lengths")
    items = read(tmp_path, renamed)
    found = {label for item in items if isinstance(item, Record) for label in item.labels}
    assert "Blob!" in found
    assert "Crack" not in found


def reversed_boxes(boxes: list) -> list:
    return [(label, c, d, a, b) for label, a, b, c, d in boxes]


def test_boxes_with_their_corners_exchanged(tmp_path, name):
    photos = {n: reversed_boxes(boxes) if i % 12 == 0 else boxes for i, (n, boxes) in enumerate(PHOTOS.items())}
    files = written(name, photos)
    items = read(tmp_path, files)
    read_whole = {number_of(i.name): i for i in items if isinstance(i, Record)}
    assert read_whole.keys() == TRUTH.keys()
    for number, item in read_whole.items():
        for ours, theirs in zip(sorted(item.boxes), sorted(TRUTH[number]), strict=True):
            scale = (96, 64, 96, 64) if item.frame == (1.0, 1.0) else (1, 1, 1, 1)
            a, b, c, d = (s * f for s, f in zip(ours[1:], scale, strict=True))
            assert (min(a, c), min(b, d), max(a, c), max(b, d)) == pytest.approx(theirs[1:], abs=0.5)


def test_a_box_far_outside_is_never_another_box(tmp_path, name):
    first = next(iter(PHOTOS))
    photos = PHOTOS | {first: [("Crack", 500.0, 20.0, 900.0, 60.0)]}
    files = written(name, photos)
    items = read(tmp_path, files)
    others = {n: boxes for n, boxes in TRUTH.items() if n != number_of(first)} | {number_of(first): photos[first]}
    assert check(items, files, others) >= TRUTH.keys() - {number_of(first)}


def test_an_image_that_shows_nothing_has_no_labels(tmp_path, name):
    first = next(iter(PHOTOS))
    files = written(name, PHOTOS | {first: []})
    items = read(tmp_path, files)
    others = TRUTH | {number_of(first): []}
    assert check(items, files, others) >= TRUTH.keys() - {number_of(first)}


TABLES = [n for n, (layout, _) in FORMATS.items() if layout == "table" and n not in SHARDED]


@pytest.mark.parametrize("name", TABLES)
def test_two_tables_that_disagree_leave_the_image_out(tmp_path, name):
    files = written(name)
    wrong = dict(PHOTOS)
    changed = [n for n in PHOTOS if n.startswith("train/")][1]
    wrong[changed] = [("Porosity" if PHOTOS[changed][0][0] != "Porosity" else "Crack", 1.0, 1.0, 30.0, 30.0)]
    other = written(name, wrong)
    for table in [n for n in other if n.lower().endswith((".csv", ".jsonl", ".parquet"))]:
        files[str(PurePosixPath(table).with_stem("zz_second"))] = other[table]
    items = read(tmp_path, files)
    assert check(items, files) == TRUTH.keys() - {number_of(changed)}
    (rejected,) = [item for item in items if isinstance(item, Rejected)]
    assert "say different things" in rejected.reason


def test_changed_bytes_end_in_the_table_in_quarantine_or_in_one_line(tmp_path, name):
    whole = FORMATS[name][1](writers.photos(8))
    notes = [n for n in whole if not is_image(n)]
    draw = random.Random(17)
    read_at_all = 0
    for _ in range(40 if os.environ.get("WELDSPOT_ALL_TESTS") else 30):
        files = dict(whole)
        note = draw.choice(notes)
        data = bytearray(files[note])
        for _ in range(draw.choice((1, 1, 4, 20))):
            match draw.randrange(3):
                case 0:
                    data[draw.randrange(len(data))] = draw.randrange(256)
                case 1:
                    del data[draw.randrange(len(data)) : draw.randrange(len(data))]
                case 2:
                    at = draw.randrange(len(data))
                    data[at:at] = draw.choice((b"\0", b"\xff\xfe", b'"', b"\n", b",", b"nan", b"1e999", b"[" * 50))
            data = data or bytearray(b"x")
        files[note] = bytes(data)
        items = read(tmp_path, files)
        if not isinstance(items, str):
            read_at_all += 1
            said = {item.name for item in items}
            assert {n for n in files if is_image(n)} <= said
    assert read_at_all, "a change that matters to nobody is passed over"
