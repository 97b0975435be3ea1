"""Each format as it should not be: whatever is read is right, and every image is in the table or named with a reason.

The formats are those of `writers.FORMATS`; the photographs' bytes play no part here.
"""

import json
import os
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import exports
import pytest
import writers
from sampled import sampled
from writers import FORMATS, Files, Photos

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import PassedOver, Record, Rejected

PHOTOS = writers.photos(24)
NOTES = (".json", ".xml", ".csv", ".txt", ".yaml")
IN_ONE = [name for name in FORMATS if name not in ("voc", "yolo", "labelme")]  # files that speak of many images
JSON = [name for name in FORMATS if name.startswith(("coco", "label", "via", "createml")) and "CSV" not in name]
Outcome = tuple[dict[str, Record], dict[str, str]]


def outcome(path: Path, files: Files) -> Outcome:
    """Records and reasons by the last part of their names; raises WeldspotError, in one line."""
    try:
        items = exports.read_all(path / "in.zip", files)[1]
    except WeldspotError as error:
        refusal = error
    else:
        refusal = None
    if refusal:
        assert "\n" not in str(refusal)
        assert len(str(refusal)) < 1000
        raise refusal
    rejected = {item.name: item.reason for item in items if isinstance(item, Rejected)}
    records = {item.name: item for item in items if isinstance(item, Record)}
    named = records.keys() | rejected.keys() | {item.name for item in items if isinstance(item, PassedOver)}
    assert {name for name in files if name.lower().endswith((".jpg", ".png"))} <= named
    return records, rejected


def shown(record: Record) -> list[tuple]:
    """Its boxes in pixels, in order."""
    x, y = (writers.WIDTH / record.frame[0], writers.HEIGHT / record.frame[1]) if record.frame else (1, 1)
    return sorted((label, a * x, b * y, c * x, d * y) for label, a, b, c, d in record.boxes)


def right(records: dict[str, Record], photos: Photos = PHOTOS, but: int = 0) -> None:
    """Every record is what was drawn, and all but so many are there."""
    by_name = {PurePosixPath(name).name.casefold(): sorted(boxes) for name, boxes in photos.items()}
    assert len(records) == len(photos) - but
    for name, record in records.items():
        drawn = by_name[PurePosixPath(name).name.casefold()]
        found = shown(record)
        assert [box[0] for box in found] == sorted(record.labels) == [box[0] for box in drawn], name
        for box, other in zip(found, drawn, strict=True):
            assert box[1:] == pytest.approx(other[1:], abs=1), name


def notes(files: Files) -> list[str]:
    return [name for name in files if name.endswith(NOTES)]


def each_note(files: Files, change: Callable[[bytes], bytes]) -> Files:
    return {name: change(data) if name.endswith(NOTES) else data for name, data in files.items()}


def utf16(data: bytes) -> bytes:
    return data.decode().replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16")


NOISE = {
    "__MACOSX/train/._weld-001.jpg": b"x",
    "train/._weld-001.jpg": b"x",
    ".DS_Store": b"x",
    "train/.DS_Store": b"x",
}
HARMLESS: dict[str, Callable[[Files], Files]] = {
    "UTF-8 with a mark": lambda files: each_note(files, lambda data: b"\xef\xbb\xbf" + data),
    "UTF-16": lambda files: each_note(files, utf16),
    "CRLF": lambda files: each_note(files, lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")),
    "a nested root": lambda files: {f"Export of welds/v2/{name}": data for name, data in files.items()},
    "noise": lambda files: files | NOISE,
    "upper-case endings": lambda files: {name.replace(".jpg", ".JPG"): data for name, data in files.items()},
    "upper-case notes": lambda files: {
        re.sub(r"\.(xml|json|csv|txt)$", lambda end: end[0].upper(), name): data for name, data in files.items()
    },
    "other files": lambda files: files | {"README.md": b"# welds", "src/package.json": b'{"name": "x"}', "a.log": b""},
}


@pytest.mark.parametrize(("name", "change"), sampled(3, FORMATS, HARMLESS))
def test_what_changes_nothing_changes_nothing(tmp_path: Path, name: str, change: str) -> None:
    records, rejected = outcome(tmp_path, HARMLESS[change](FORMATS[name][1](PHOTOS)))
    assert rejected == {}
    right(records)


ODD = ("weld 100%.jpg", "weld #7.jpg", "weld%20and%23.jpg", "🔥 Naht.jpg", "Öse & <b>.jpg", "a'b+c=d.jpg", "w.x.y.jpg")


@pytest.mark.parametrize("name", FORMATS)
def test_names_of_any_kind(tmp_path: Path, name: str) -> None:
    photos = PHOTOS | {f"train/{odd}": [("Crack", 8.25, 10.5, 40.25, 30.5)] for odd in ODD}
    records, rejected = outcome(tmp_path, FORMATS[name][1](photos))
    assert rejected == {}
    right(records, photos)
    apart = {unicodedata.normalize("NFD", n): data for n, data in FORMATS[name][1](photos).items()}
    assert len(outcome(tmp_path, apart)[0]) == len(photos)


@pytest.mark.parametrize("name", FORMATS)
def test_an_image_that_is_lost_is_named_and_the_rest_is_right(tmp_path: Path, name: str) -> None:
    files = FORMATS[name][1](PHOTOS)
    gone = next(file for file in files if file.endswith("weld-001.jpg"))
    del files[gone]
    records, rejected = outcome(tmp_path, files)
    right(records, but=1)
    assert len(rejected) == 1
    assert re.search("there is no such image|without an image|image is not beside it", *rejected.values())


@pytest.mark.parametrize("name", FORMATS)
def test_an_image_that_nobody_speaks_of_is_named(tmp_path: Path, name: str) -> None:
    records, rejected = outcome(tmp_path, FORMATS[name][1](PHOTOS) | {"train/stranger.jpg": b"x"})
    right(records)
    assert list(rejected) == ["train/stranger.jpg"]
    assert rejected["train/stranger.jpg"].startswith("no annotation: ")


@pytest.mark.parametrize("name", FORMATS)
def test_most_images_lost_and_most_annotations_lost_stop_it_with_counts(tmp_path: Path, name: str) -> None:
    files = FORMATS[name][1](PHOTOS)
    images = [file for file in files if file.endswith(".jpg")]
    with pytest.raises(WeldspotError, match=r"13 of 24 annotated images are not there .*, 11 images are"):
        outcome(tmp_path, {file: data for file, data in files.items() if file not in images[:13]})
    with pytest.raises(WeldspotError, match=r"90% of its 60 images: .* would leave out 36"):
        outcome(tmp_path, files | {f"other/{index}.jpg": b"x" for index in range(36)})


@pytest.mark.parametrize(("name", "share"), sampled(3, FORMATS, (0.0, 0.1, 0.5, 0.9, 0.99)))
def test_what_is_cut_short_is_refused_or_quarantined(tmp_path: Path, name: str, share: float) -> None:
    files = FORMATS[name][1](PHOTOS)
    cut = notes(files)[-1]
    files[cut] = files[cut][: int(share * len(files[cut]))]
    try:
        records = outcome(tmp_path, files)[0]
    except WeldspotError as refusal:
        said = str(refusal)
    else:
        said = "no annotation"
        if name == "yolo":  # a line that is cut short may be a box, and an empty file is an image without one
            records = {n: r for n, r in records.items() if PurePosixPath(n).stem != PurePosixPath(cut).stem}
        right(records, but=1)
    assert re.search("can't be read|no annotation|none of the|not there|names no classes|no data.yaml", said)


@pytest.mark.parametrize("name", IN_ONE)
def test_a_file_that_stands_twice_is_read_once(tmp_path: Path, name: str) -> None:
    files = FORMATS[name][1](PHOTOS)
    files |= {
        f"{PurePosixPath(note).with_suffix('')} copy{PurePosixPath(note).suffix}": files[note] for note in notes(files)
    }
    records, rejected = outcome(tmp_path, files)
    assert rejected == {}
    right(records)


@pytest.mark.parametrize("name", IN_ONE)
def test_two_files_that_disagree_are_believed_in_nothing_that_they_disagree_in(tmp_path: Path, name: str) -> None:
    files = FORMATS[name][1](PHOTOS)
    other = FORMATS[name][1]({n: [(b[0][0], 1, 1, 9, 9)] if i == 3 else b for i, (n, b) in enumerate(PHOTOS.items())})
    for note in notes(files):
        files[f"{PurePosixPath(note).with_suffix('')} copy{PurePosixPath(note).suffix}"] = other[note]
    records, rejected = outcome(tmp_path, files)
    right(records, but=1)
    assert [reason.endswith("say different things of it; keep one") for reason in rejected.values()] == [True]


@pytest.mark.parametrize("name", FORMATS)
def test_an_image_without_objects_shows_nothing(tmp_path: Path, name: str) -> None:
    photos = PHOTOS | {"train/empty.jpg": []}
    records, rejected = outcome(tmp_path, FORMATS[name][1](photos))
    assert rejected == {}
    right(records, photos)


MOVED = [name for name in IN_ONE if not name.startswith("label studio")]
ROOTS = ("C:\\Users\\me\\welds\\", "D:/sets/welds/", "/home/me/welds/", "..\\", "./")


@pytest.mark.parametrize(("name", "root"), sampled(3, MOVED, ROOTS))
def test_paths_of_another_machine(tmp_path: Path, name: str, root: str) -> None:
    files = FORMATS[name][1](PHOTOS)

    def moved(found: re.Match[str]) -> str:
        path = (root + found[2]).replace("/", "\\") if "\\" in root else root + found[2]
        escaped = path if name.startswith("cvat") else path.replace("\\", "\\\\") if name in JSON else path
        return f"{found[1]}{escaped}"

    before = r'"file_name": "|"filename": "|"image": "|<image id="\d+" name="|(?<=\n)'
    pattern = rf'({before})((?:train/|valid/)?weld[^"\n,]*\.jpg)'
    files = each_note(files, lambda data: re.sub(pattern, moved, data.decode()).encode())
    records, rejected = outcome(tmp_path, files)
    assert rejected == {}
    right(records)


# values in JSON


def leaves(content: object, where: str = "") -> Iterator[tuple[list | dict, object, str]]:
    """Each number in what describes shapes: what it stands in, its key there, and the key of that."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        name = key if isinstance(key, str) else where
        if isinstance(value, dict | list):
            yield from leaves(value, name)
        elif isinstance(value, float) and name not in ("lead_time", "area"):
            yield content, key, name


def edited(files: Files, change: Callable[[object], None]) -> Files:
    def note(data: bytes) -> bytes:
        content = json.loads(data)
        change(content)
        return json.dumps(content).encode()

    found = dict(files)
    last = notes(files)[-1]
    found[last] = note(files[last])
    return found


@pytest.mark.parametrize("name", [name for name in JSON if "run" not in name and "brush" not in name])
def test_numbers_as_text_are_numbers(tmp_path: Path, name: str) -> None:
    def texts(content: object) -> None:
        for inside, key, _ in list(leaves(content)):
            inside[key] = str(inside[key])

    records, rejected = outcome(tmp_path, edited(FORMATS[name][1](PHOTOS), texts))
    assert rejected == {}
    right(records)


BAD = {"NaN": float("nan"), "Infinity": float("inf"), "text": "wide", "null": None, "true": True, "huge": 10**400,
       "list": [1], "object": {}}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bad"), sampled(3, [name for name in JSON if "run" not in name and "brush" not in name], BAD)
)
def test_a_number_that_is_none_quarantines_its_image_alone(tmp_path: Path, name: str, bad: str) -> None:
    def spoil(content: object) -> None:
        inside, key, _ = next(leaf for leaf in leaves(content) if leaf[2] not in ("rotation", "predictions", "theta"))
        inside[key] = BAD[bad]

    records, rejected = outcome(tmp_path, edited(FORMATS[name][1](PHOTOS), spoil))
    right(records, but=1)
    assert list(map(bool, rejected.values())) == [True]
    assert next(iter(rejected.values())).startswith("annotation has ")


@pytest.mark.parametrize("name", JSON)
def test_json_that_is_nested_deeply_names_keys_twice_or_holds_something_else(tmp_path: Path, name: str) -> None:
    files = FORMATS[name][1](PHOTOS)
    note = notes(files)[-1]
    begin = files[note][:40]
    for data in (
        begin + b"[" * 200_000,
        files[note].replace(b'"', b'"id": 1, "id": 2, "', 1),
        files[note][:-1] + b', "x"',
        files[note] + b" {}",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe\xfd",
        b"[1, 2]",
        files[note].replace(b"Crack", b"\xff\xff", 1),
        re.sub(rb"(?<=: )\d+(?=,)", b"1" * 5000, files[note], count=1),
    ):
        try:
            records, rejected = outcome(tmp_path, files | {note: data})
        except WeldspotError:
            continue
        if data == files[note]:
            continue
        assert len(records) < len(PHOTOS)
        right(records, but=len(PHOTOS) - len(records))
        assert rejected


# bytes


def mutated(data: bytes, draw: random.Random) -> bytes:
    at, length = draw.randrange(max(1, len(data))), draw.choice((1, 1, 3, 40, 400))
    other = draw.randrange(max(1, len(data)))
    return {
        "flip": lambda: data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :],
        "lose": lambda: data[:at] + data[at + length :],
        "repeat": lambda: data[:at] + data[at : at + length] + data[at:],
        "move": lambda: data[:at] + data[other : other + length] + data[at:],
        "digit": lambda: re.sub(rb"\d", lambda _: b"%d" % draw.randrange(10), data[at : at + 20]).join(
            (data[:at], data[at + 20 :])
        ),
        "end": lambda: data[:at],
        "word": lambda: (
            data[:at] + draw.choice((b"null", b'"', b"}", b"]", b"-", b"{", b"\\", b"NaN", b"<")) + data[at:]
        ),
    }[draw.choice(("flip", "lose", "repeat", "move", "digit", "end", "word"))]()


@pytest.mark.parametrize("name", FORMATS)
def test_changed_bytes_end_in_the_table_in_quarantine_or_in_one_line(tmp_path: Path, name: str) -> None:
    whole = FORMATS[name][1](writers.photos(12))
    draw = random.Random(f"17 {name}")
    read = 0
    for _ in range(40 if os.environ.get("WELDSPOT_ALL_TESTS") else 20):
        files = dict(whole)
        for note in draw.sample(notes(files), min(len(notes(files)), draw.choice((1, 1, 2)))):
            for _ in range(draw.choice((1, 1, 5))):
                files[note] = mutated(files[note], draw)
        try:
            records, rejected = outcome(tmp_path, files)
        except WeldspotError:
            continue
        read += 1
        assert all(reason and "\n" not in reason for reason in rejected.values())
        for record in records.values():
            assert all(label == label.strip() for label in record.labels)
            assert all(abs(side) < float("inf") for box in record.boxes for side in box[1:])
    assert read
