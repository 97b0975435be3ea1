"""Exports of many shapes, with files lost, moved and copied: whatever is read of them is right, or nothing is read."""

import random
from pathlib import Path, PurePosixPath

import exports
import pytest
from sampled import sampled
from weld_classes import WELD

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Record

NAMES = exports.CLASSES
PARTS = ([""], ["train", "valid"], ["Train", "Val", "Test"], ["plant-a", "plant-b"], ["batch1", "batch2", "batch3"])
FOLDERS = (
    ("images", "labels"),
    ("JPEGImages", "Annotations"),
    ("Images", "Labels"),
    ("photos", "xml"),
    ("data", "marks"),
)
SHAPES = ("tree/part", "part/tree", "flat", "notes apart", "class folders", "masks")


class Export:
    """`files` of an export in a random shape, and what each image shows; None: it is a mask."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.files: dict[str, bytes] = {}
        self.truth: dict[str, set[str] | None] = {}
        self.kind = self.draw.choice(("voc", "yolo", "multiclass"))
        self.shape = self.draw.choice(SHAPES)
        self.folders = self.draw.choice(FOLDERS)
        parts = self.draw.choice(PARTS)
        a_table_each = self.draw.random() < 0.6
        self.orders = {part: self.draw.sample(NAMES, 6) for part in parts}
        if not a_table_each:
            self.orders = dict.fromkeys(parts, self.orders[parts[0]])
        names_repeat = self.draw.random() < 0.5
        for index in range(self.draw.choice((12, 30))):
            stem = f"frame_{index // len(parts):03d}" if names_repeat else f"weld{index:03d}"
            self.photograph(parts[index % len(parts)], stem)
        if self.kind == "yolo":
            places = parts if a_table_each else [self.draw.choice(("", "config"))]
            order = self.orders[parts[0]]
            for place in places:
                self.files[path(place, "data.yaml")] = f"names: {self.orders.get(place, order)}".encode()

    def photograph(self, part: str, stem: str) -> None:
        images, notes = self.folders
        shown = self.draw.sample(NAMES, self.draw.choice((1, 1, 2)))
        image, note = {
            "tree/part": (path(images, part, stem), path(notes, part, stem)),
            "part/tree": (path(part, images, stem), path(part, notes, stem)),
            "flat": (path(part, stem), path(part, stem)),
            "notes apart": (path(part, stem), path(notes, part, stem)),
            "class folders": (path(part, images, shown[0], stem), path(part, notes, stem)),
            "masks": (path(part, images, stem), path(part, notes, stem)),
        }[self.shape]
        image += self.draw.choice((".jpg", ".jpg", ".JPG", ".png"))
        self.files[image] = b"x"
        self.truth[image] = {str(WELD.canonical(name)) for name in shown}
        if self.shape == "masks":
            mask = path(part, "masks", f"{stem}.png")
            self.files[mask], self.truth[mask] = b"x", None
        if self.kind == "voc":
            self.files[f"{note}.xml"] = exports.xml([(name, 1, 1, 5, 5) for name in shown])
        elif self.kind == "yolo":
            order = self.orders[part]
            self.files[f"{note}.txt"] = "\n".join(f"{order.index(name)} .5 .5 .1 .1" for name in shown).encode()
        else:
            place = PurePosixPath(image)
            table = str(place.parent / "_classes.csv")
            row = ",".join([place.name, *(str(int(name in shown)) for name in NAMES)])
            head = ",".join(["filename", *NAMES]).encode()
            self.files[table] = self.files.get(table, head) + f"\n{row}".encode()

    def damage(self) -> None:
        """Some files are lost, one may be copied into a folder, an annotation into the root."""
        for _ in range(self.draw.choice((0, 1, 3, 10))):
            self.files.pop(self.draw.choice(list(self.files)))
        if self.draw.random() < 0.2:
            name = self.draw.choice(list(self.files))
            self.files[f"copy/{name}"], self.truth[f"copy/{name}"] = self.files[name], self.truth.get(name)
        if self.draw.random() < 0.3:
            notes = [name for name in self.files if name.endswith((".txt", ".xml"))]
            self.files |= {PurePosixPath(name).name: self.files[name] for name in notes[:1]}


def path(*parts: str) -> str:
    return "/".join(filter(None, parts))


def shown_by(record: Record) -> set[str | None]:
    return {WELD.canonical(label) for label in record.labels}


@pytest.mark.parametrize("first", sampled(3, range(0, 400, 50)))
def test_no_image_is_ever_read_as_showing_something_else(tmp_path: Path, first: int) -> None:
    read, said = 0, []
    for seed in range(first, first + 50):
        made = Export(seed)
        made.damage()
        try:
            items = exports.read(tmp_path / "in.zip", made.files)[1]
        except WeldspotError as refusal:
            said.append(str(refusal))
            continue
        records = {item.name: shown_by(item) for item in items if isinstance(item, Record)}
        read += bool(records)
        known = {name: labels for name, labels in records.items() if None not in labels}  # else it is quarantined later
        assert known == {name: made.truth[name] for name in known}, f"seed {seed}: {made.kind}, {made.shape}"
    assert read > 10
    assert not [refusal for refusal in said if "\n" in refusal]


@pytest.mark.parametrize("seed", range(60))
def test_an_export_that_is_whole_is_read_whole_or_refused(tmp_path: Path, seed: int) -> None:
    made = Export(seed)
    try:
        items = exports.read(tmp_path / "in.zip", made.files)[1]
    except WeldspotError as refusal:
        said = str(refusal)
    else:
        said = ""
    if said:
        assert "could be of each of" in said or (made.kind, made.shape) == ("multiclass", "masks")
        return
    records = {item.name: shown_by(item) for item in items if isinstance(item, Record)}
    assert records == {name: labels for name, labels in made.truth.items() if labels}
