"""From a chunk of raw images to canonical ones: bytes to a scratch file, everything else to the caller."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import Float, UInt8

from weldspot.images import codec
from weldspot.images.ingestion import boxes as annotation
from weldspot.images.ingestion.crops import background_regions, every_object_has_a_box, show_the_weld
from weldspot.images.ingestion.merge import Found, resolve
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.table import content_id
from weldspot.labels import BACKGROUND, canonical
from weldspot.sources import chunks
from weldspot.sources.record import Record, Rejected


@dataclass(frozen=True)
class Rules:
    """The `ingest` section as workers need it."""

    unannotated: str
    background_crops: int
    background_crops_from: tuple[str, ...]
    crop_side: float
    max_pixels: int
    min_side: int


@dataclass(frozen=True)
class Task:
    """One chunk, and the file its images go to."""

    chunk: chunks.Chunk
    scratch: Path
    rules: Rules


@dataclass
class Outcome:
    """What became of a chunk: images with fingerprints, crops, rejected names, (name, note) of converted."""

    found: list[Found] = field(default_factory=list)
    fingerprints: list[Float[np.ndarray, " 1024"]] = field(default_factory=list)
    crops: list[Found] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    converted: list[tuple[str, str]] = field(default_factory=list)


def run(task: Task) -> Outcome:
    """Makes the images of one chunk canonical; a pure function of the chunk and the rules."""
    outcome = Outcome()
    with task.scratch.open("wb") as scratch:
        for item in chunks.read(task.chunk):
            if isinstance(item, Rejected):
                outcome.rejected.append(item)
                continue
            record, data = item
            try:
                _take(record, data, task, scratch, outcome)
            except codec.BadImage as error:
                outcome.rejected.append(Rejected(record.name, str(error)))
    return outcome


def _take(record: Record, data: bytes, task: Task, scratch: BinaryIO, outcome: Outcome) -> None:
    rules = task.rules
    image = codec.canonical(data, rules.max_pixels, rules.min_side)
    labels = tuple(_labels(record, rules))
    placed = annotation.fit(record.boxes, record.frame, image.stored, image.orientation)
    boxes = tuple(sorted({(canonical(box[0]) or box[0], *box[1:]) for box in placed}))
    size = (image.rgb.shape[1], image.rgb.shape[0])
    image_id, place = content_id(image.data), _append(scratch, image.data)
    found = Found(image_id, record.name, task.chunk.source, labels, boxes, size, task.scratch.name, *place)
    outcome.found.append(found)
    outcome.fingerprints.append(fingerprint(image.rgb))
    if image.converted:
        outcome.converted.append((record.name, image.converted))
    if every_object_has_a_box(record) and show_the_weld(boxes, labels, size, rules.background_crops_from):
        _crop(found, image.rgb, rules, scratch, outcome)


def _labels(record: Record, rules: Rules) -> list[str]:
    named = {label: canonical(label) for label in (*record.labels, *(box[0] for box in record.boxes))}
    unknown = sorted(label for label, name in named.items() if name is None)
    if unknown:
        raise codec.BadImage("unknown class " + ", ".join(repr(label[:80]) for label in unknown))
    if named:
        return resolve(name for name in named.values() if name)
    if rules.unannotated == "background":
        return [BACKGROUND]
    raise codec.BadImage("annotated with nothing (ingest.unannotated = quarantine)")


def _crop(
    found: Found, rgb: UInt8[np.ndarray, "height width 3"], rules: Rules, scratch: BinaryIO, outcome: Outcome
) -> None:
    count, side = rules.background_crops, rules.crop_side
    for region in background_regions(found.id, found.size, found.boxes, count, side, rules.min_side):
        left, top, right, bottom = region
        data = codec.encode(np.ascontiguousarray(rgb[top:bottom, left:right]))
        place = _append(scratch, data)
        outcome.crops.append(
            Found(
                *(content_id(data), found.name, "crop", (BACKGROUND,), (), (right - left, bottom - top)),
                *(found.scratch, *place, found.id, region),
            )
        )


def _append(scratch: BinaryIO, data: bytes) -> tuple[int, int]:
    offset = scratch.tell()
    scratch.write(data)
    return offset, len(data)
