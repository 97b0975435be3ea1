"""YOLO: data.yaml names the classes; labels/*.txt hold boxes or polygons as fractions of the image."""

import math
from collections.abc import Iterator
from pathlib import PurePosixPath

import yaml

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.record import Box, Record, Rejected, is_image

_TABLES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
_MAX_BYTES = 8 * 1024 * 1024


def matches(archive: Archive) -> bool:
    """Whether there is a data.yaml that names classes."""
    return _classes(archive) is not None


def read(archive: Archive) -> Iterator[Record | Rejected]:
    """The images with their boxes; an image without a label file is annotated with nothing, as YOLO has it."""
    classes = _classes(archive) or {}
    for name in archive.names:
        if not is_image(name):
            continue
        labels = _label_file(archive, name)
        try:
            yield _parse(name, archive.read(labels, _MAX_BYTES).decode("utf-8") if labels else "", classes)
        except BadMember as error:
            yield Rejected(name, f"annotation {error}")
        except UnicodeDecodeError:
            yield Rejected(name, "annotation is not text")
        except ValueError as error:
            yield Rejected(name, str(error))


def _classes(archive: Archive) -> dict[int, str] | None:
    tables = sorted((n for n in archive.names if PurePosixPath(n).name in _TABLES), key=lambda n: (n.count("/"), n))
    for name in tables:
        try:
            data = yaml.safe_load(archive.read(name, _MAX_BYTES))
        except (BadMember, yaml.YAMLError, UnicodeDecodeError):
            continue
        names = data.get("names") if isinstance(data, dict) else None
        if isinstance(names, list):
            return {index: str(label) for index, label in enumerate(names)}
        if isinstance(names, dict):
            return {int(index): str(label) for index, label in names.items() if str(index).isdigit()}
    return None


def _label_file(archive: Archive, image: str) -> str | None:
    path = PurePosixPath(image).with_suffix(".txt")
    parts = list(path.parts)
    candidates = [str(path)]
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] == "images":
            candidates.insert(0, str(PurePosixPath(*parts[:index], "labels", *parts[index + 1 :])))
    return next((name for name in candidates if name in archive), None)


def _parse(name: str, text: str, classes: dict[int, str]) -> Record:
    boxes = [_box(line.split(), classes) for line in text.splitlines() if line.strip()]
    return Record(name, tuple(box[0] for box in boxes), tuple(boxes), frame=(1.0, 1.0))


def _box(words: list[str], classes: dict[int, str]) -> Box:
    try:
        index, *values = (float(word) for word in words)
    except ValueError:
        raise ValueError(f"annotation has a line that is not numbers: {' '.join(words)[:60]!r}") from None
    if not all(map(math.isfinite, (index, *values))):
        raise ValueError("annotation has a coordinate that is not a number")
    if index not in classes:
        raise ValueError(f"unknown class number {index:g}: data.yaml names {len(classes)}")
    label = classes[int(index)]
    if len(values) in (4, 5):  # the fifth is a confidence
        x, y, width, height = values[:4]
        return label, x - width / 2, y - height / 2, x + width / 2, y + height / 2
    if len(values) >= 6 and len(values) % 2 == 0:
        xs, ys = values[::2], values[1::2]
        return label, min(xs), min(ys), max(xs), max(ys)
    raise ValueError(f"annotation has a line of {len(words)} numbers: neither a box nor a polygon")
