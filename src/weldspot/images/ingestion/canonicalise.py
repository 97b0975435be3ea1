"""From a chunk of raw images to canonical ones: bytes to a scratch file, everything else to the caller."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import Float, UInt8

from weldspot.images import codec
from weldspot.images.ingestion import boxes as annotation
from weldspot.images.ingestion.classes import known
from weldspot.images.ingestion.crops import background_regions, show_the_weld
from weldspot.images.ingestion.merge import Found, resolve
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.table import content_id
from weldspot.labels import ClassList
from weldspot.runtime.engines.files import Files
from weldspot.sources import chunks
from weldspot.sources.record import Record, Rejected


@dataclass(frozen=True)
class Rules:
    """The `ingest` section and the list of classes as workers need them."""

    classes: ClassList
    unannotated: str
    background_crops: int
    background_crops_from: tuple[str, ...]
    crop_side: float
    max_pixels: int
    min_side: int
    unknown_classes: str = "quarantine"


@dataclass(frozen=True)
class Task(Files):
    """One chunk, which knows what to read; `writes`: the file its images go to."""

    chunk: chunks.Chunk
    rules: Rules

    @property
    def scratch(self) -> Path:
        """The file its images go to."""
        (path,) = self.writes
        return path

    def held(self) -> "Task":
        """With the images of the chunk: an export is much larger than what one task reads of it."""
        return replace(self, chunk=chunks.held(self.chunk))


@dataclass
class Outcome:
    """What became of a chunk: images with fingerprints, crops, rejected names, (name, note) of converted, and (name,
    class) of what was annotated as a class that is none of ours.
    """

    found: list[Found] = field(default_factory=list)
    fingerprints: list[Float[np.ndarray, " 1024"]] = field(default_factory=list)
    crops: list[Found] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    converted: list[tuple[str, str]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)


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
    drop = rules.unknown_classes == "drop" and task.chunk.source == "export"
    objects = known(record, rules.classes, drop)
    labels = tuple(_labels(objects.labels, rules))
    placed = annotation.fit(objects.boxes, record.frame, image.stored, image.orientation)
    size = (image.rgb.shape[1], image.rgb.shape[0])
    image_id, place = content_id(image.data), _append(scratch, image.data)
    found = Found(
        *(image_id, record.name, task.chunk.source, labels, tuple(placed), size, task.scratch.name, *place),
        boxed=objects.boxed,
    )
    outcome.found.append(found)
    outcome.fingerprints.append(fingerprint(image.rgb))
    outcome.dropped += [(record.name, label) for label in objects.dropped]
    if image.converted:
        outcome.converted.append((record.name, image.converted))
    if found.boxed and show_the_weld(found.boxes, labels, size, rules.background_crops_from):
        _crop(found, image.rgb, rules, scratch, outcome)


def _labels(labels: list[str], rules: Rules) -> list[str]:
    background = rules.classes.background
    if labels:
        found = resolve(labels, rules.classes)
        if rules.classes.exclusive and len(found) > 1:
            raise codec.BadImage(f"shows {' and '.join(found)} (labels.exclusive = true)")
        return found
    if rules.unannotated == "background" and background is not None:
        return [background]
    raise codec.BadImage("annotated with nothing (ingest.unannotated = quarantine)")


def _crop(
    found: Found, rgb: UInt8[np.ndarray, "height width 3"], rules: Rules, scratch: BinaryIO, outcome: Outcome
) -> None:
    background, count, side = rules.classes.background, rules.background_crops, rules.crop_side
    if background is None:
        return
    for region in background_regions(found.id, found.size, found.boxes, count, side, rules.min_side):
        left, top, right, bottom = region
        data = codec.encode(np.ascontiguousarray(rgb[top:bottom, left:right]))
        place = _append(scratch, data)
        outcome.crops.append(
            Found(
                *(content_id(data), found.name, "crop", (background,), (), (right - left, bottom - top)),
                *(found.scratch, *place, found.id, region),
            )
        )


def _append(scratch: BinaryIO, data: bytes) -> tuple[int, int]:
    offset = scratch.tell()
    scratch.write(data)
    return offset, len(data)
