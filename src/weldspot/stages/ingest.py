"""The export and data/ become one table of canonical images, each with labels, boxes and the group it belongs to."""

import csv
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from weldspot.config.parameters import Ingest, Params
from weldspot.runtime.errors import WeldspotError
from weldspot.images import table
from weldspot.images.ingestion import canonicalise
from weldspot.images.ingestion.crops import is_free
from weldspot.images.scenes.fingerprint import DIMENSIONS, groups
from weldspot.images.ingestion.merge import Found, Merged, merge
from weldspot.runtime.processes import map_shards
from weldspot.labels import CLASSES
from weldspot.runtime.atomic import whole, write_json
from weldspot.sources import chunks, layouts
from weldspot.sources.archive import Archive
from weldspot.sources.record import Rejected

FETCHED, DATA = Path("artifacts/fetch"), Path("data")
IMAGES, REPORT = Path("artifacts/ingest"), Path("reports/ingest")
SPOOL = Path(".weldspot/ingest")


@dataclass
class Report:
    """What people want to know of an ingest besides the images."""

    layout: str
    rejected: list[Rejected]
    converted: list[tuple[str, str]]
    merged: list[Merged]


def main(params: Params) -> None:
    """Writes artifacts/ingest/ and reports/ingest/; raises WeldspotError when no image can be used."""
    shutil.rmtree(SPOOL, ignore_errors=True)
    SPOOL.mkdir(parents=True)
    try:
        _ingest(params)
    finally:
        shutil.rmtree(SPOOL, ignore_errors=True)


def _ingest(params: Params) -> None:
    layout, found_batches, rejected = _gather(params.source.path)
    outcomes = _canonical(found_batches, params.ingest)
    rejected += [item for outcome in outcomes for item in outcome.rejected]
    places = [found for outcome in outcomes for found in outcome.found]
    prints = [vector for outcome in outcomes for vector in outcome.fingerprints]

    merged = _merged(places)
    group_of = _groups(places, prints, params.ingest)
    rejected += [_between(merged.pop(image_id)) for image_id, group in group_of.items() if group is None]
    crops = _crops((crop for outcome in outcomes for crop in outcome.crops), merged, params.ingest.background_crops)
    rows = sorted([*merged.values(), *crops], key=lambda row: row.found.id)
    converted = sorted(note for outcome in outcomes for note in outcome.converted)
    report = Report(layout, sorted(rejected, key=lambda r: (r.name, r.reason)), converted, rows)

    with whole(REPORT) as folder:
        _write_report(folder, report, group_of)
    if not merged:
        raise WeldspotError(f"{params.source.path}: no usable image; {REPORT}/quarantine.csv says why for each")
    with whole(IMAGES) as folder:
        table.write_shards(folder, _rows(rows, group_of), table.INGESTED, params.ingest.shard_rows)


def _gather(where: str) -> tuple[str, list[chunks.Batch], list[Rejected]]:
    export, background = FETCHED / "export.zip", FETCHED / "background.zip"
    with Archive(export) as archive:
        layout = layouts.recognise(archive, where)
    items = [*chunks.export_batches(export, layout), *chunks.data_batches(DATA)]
    if background.exists():
        items += chunks.background_batches(background)
    found = [item for item in items if isinstance(item, chunks.Batch)]
    return layout, found, [item for item in items if isinstance(item, Rejected)]


def _canonical(found: list[chunks.Batch], ingest: Ingest) -> list[canonicalise.Outcome]:
    rules = canonicalise.Rules(
        ingest.unannotated, ingest.background_crops, ingest.crop_side, ingest.max_pixels, ingest.min_side
    )
    tasks = [canonicalise.Task(batch, SPOOL / f"{index:06d}", rules) for index, batch in enumerate(found)]
    return list(map_shards(canonicalise.run, tasks, "ingest", f"batch of {chunks.BATCH}"))


def _merged(places: Iterable[Found]) -> dict[str, Merged]:
    by_id: dict[str, list[Found]] = defaultdict(list)
    for place in places:
        by_id[place.id].append(place)
    return {image_id: merge(same) for image_id, same in by_id.items()}


def _groups(places: Sequence[Found], prints: Sequence[np.ndarray], ingest: Ingest) -> dict[str, str | None]:
    """The group of each image id, from every name it was found under; None for feedback that would join two scenes."""

    def age(i: int) -> tuple[bool, str, str, str]:  # feedback comes last, batch by batch
        return places[i].source == "feedback", places[i].name, places[i].source, places[i].id

    order = sorted(range(len(places)), key=age)
    batch = ["" if places[i].source != "feedback" else places[i].name.partition("#")[0] for i in order]
    ages = np.unique(batch, return_inverse=True)[1].tolist()
    vectors = np.stack([prints[i] for i in order]) if order else np.zeros((0, DIMENSIONS), np.float32)
    found = groups([places[i].name for i in order], vectors, ingest.near_duplicate, ingest.clip_gap, ages)
    group_of: dict[str, str | None] = {}
    for i, group in zip(order, found, strict=True):
        group_of.setdefault(places[i].id, group)
    return group_of


def _between(row: Merged) -> Rejected:
    """Its scenes may stand in different splits, which it would have to be kept apart from at once."""
    return Rejected(row.places[0].name, "looks like photographs of two scenes that were apart before it came")


def _crops(crops: Iterable[Found], merged: dict[str, Merged], count: int) -> Iterator[Merged]:
    """Crops that are still free of every box once identical images have been merged."""
    taken: dict[str, list[Found]] = defaultdict(list)
    seen = set(merged)
    for crop in sorted(crops, key=lambda c: (c.parent, c.region, c.name)):
        if crop.id in seen or len(taken[crop.parent]) == count or not is_free(crop.region, merged[crop.parent].boxes):
            continue
        seen.add(crop.id)
        taken[crop.parent].append(crop)
    for image_id, chosen in taken.items():
        for crop in chosen:
            row = merge([crop])
            yield Merged(row.found, row.labels, row.boxes, merged[image_id].places)


def _rows(merged: Iterable[Merged], group_of: dict[str, str | None]) -> Iterator[dict]:
    for row in merged:
        found = row.found
        with (SPOOL / found.spool).open("rb") as stored:
            stored.seek(found.offset)
            data = stored.read(found.length)
        yield {
            "id": found.id,
            "image": data,
            "width": found.size[0],
            "height": found.size[1],
            "labels": row.labels,
            "boxes": [dict(zip(("label", "xmin", "ymin", "xmax", "ymax"), box, strict=True)) for box in row.boxes],
            "source": found.source,
            "name": row.places[0].name,
            "group": group_of[found.parent or found.id],
        }


def _write_report(folder: Path, report: Report, group_of: dict[str, str | None]) -> None:
    originals = [row for row in report.merged if not row.found.parent]
    conflicts = [row for row in originals if row.conflicting]
    labels = Counter(label for row in report.merged for label in row.labels)
    notes = Counter(note for _, note in report.converted)
    summary = {
        "layout": report.layout,
        "images": len(report.merged),
        "groups": len(set(group_of.values()) - {None}),
        "classes": {name: labels[name] for name in CLASSES},
        "sources": dict(sorted(Counter(row.found.source for row in report.merged).items())),
        "merged": sum(len(row.places) - 1 for row in originals),
        "conflicts": len(conflicts),
        "quarantined": len(report.rejected),
        "converted": dict(sorted(notes.items())),
    }
    write_json(folder / "summary.json", summary)
    _write_csv(folder / "quarantine.csv", ("name", "reason"), ((r.name, r.reason) for r in report.rejected))
    _write_csv(folder / "converted.csv", ("name", "note"), report.converted)
    lines = (
        (row.found.id, "; ".join(row.labels), place.name, "; ".join(place.labels))
        for row in conflicts
        for place in row.places
    )
    _write_csv(folder / "conflicts.csv", ("id", "resolved", "name", "labels"), lines)


def _write_csv(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
