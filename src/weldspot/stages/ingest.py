"""ingest: export and data/ become one table of canonical images, each with labels, boxes and the group it is of."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.ingest import Ingest
from weldspot.config.sections.labels import Spellings
from weldspot.images import table
from weldspot.images.ingestion import canonicalise, contact_sheets, precedence, scenes
from weldspot.images.ingestion.counts import Counts
from weldspot.images.ingestion.crops import is_free, rule, show_the_weld
from weldspot.images.ingestion.feedback_lists import unasked
from weldspot.images.ingestion.merge import Found, Merged, merge
from weldspot.images.ingestion.report import Report
from weldspot.images.scenes.ages import ages
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.labels import ClassList
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards
from weldspot.sources import arrival, chunks, provenance
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition
from weldspot.sources.record import PassedOver, Rejected

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Params(StageParams):
    """What ingest reads of params.yaml."""

    labels: Spellings
    ingest: Ingest


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/ingest/ and reports/ingest/.

    Raises:
        WeldspotError: no image can be used, or more than `ingest.max_quarantined` of them can't; data/ was changed.
    """
    scratch = workspace.ingesting
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        _ingest(workspace, params.labels, params.ingest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _ingest(workspace: "Workspace", labels: Spellings, section: Ingest) -> None:
    classes, before = labels.class_list(), chunks.stamps(workspace.data)
    source, layout, found_chunks, rejected, passed_over = _gather(workspace, classes, section.layouts)
    prints = PrintFile(workspace.ingesting / "fingerprints")
    outcomes = _canonical(found_chunks, workspace.ingesting, labels, section, prints)
    rejected += [item for outcome in outcomes for item in outcome.rejected]
    places = [found for outcome in outcomes for found in outcome.found]

    age = ages([place.source for place in places], [place.name for place in places], arrival.order(workspace.feedback))
    first = precedence.firsts(places, age, classes)
    merged, left_out = dict(first.merged), list(first.contradicting)
    group_of = scenes.group_of(places, prints, section, age, first.numbers)
    left_out += [_between(merged.pop(image_id)) for image_id, group in group_of.items() if group is None]
    for image_id, why in precedence.outvoted(first, group_of, places, prints).items():
        merged.pop(image_id)
        left_out.append(why)
    if classes.exclusive:
        rejected += [_two(merged.pop(row.found.id)) for row in list(merged.values()) if len(row.labels) > 1]
    found_crops = (crop for outcome in outcomes for crop in outcome.crops)
    crops = list(_crops(found_crops, merged, first.age, labels, section))
    left_out += precedence.cut_before(crops, merged)
    rows = sorted([*merged.values(), *crops], key=lambda row: row.found.id)
    converted = sorted(note for outcome in outcomes for note in outcome.converted)
    dropped = sorted(item for outcome in outcomes for item in outcome.dropped)
    all_rejected = sorted([*rejected, *left_out], key=lambda r: (r.name, r.reason))
    crop_line = _crop_line(len(crops), merged.values(), labels)
    passed_over.sort(key=lambda p: (p.name, p.reason))
    report = workspace.report("ingest")
    count = len({group_of[image_id] for image_id in merged})
    with replacing_folder(report) as folder:
        report_of = Report(classes.names, layout, all_rejected, passed_over, converted, dropped, rows, count, crop_line)
        report_of.write(folder)
        originals = _originals(workspace)
        contact_sheets.write(folder, rows, all_rejected, workspace.ingesting, originals, labels.palette())
    print(f"ingest: {crop_line}")
    for name, count in unasked(workspace.feedback, classes).items():
        print(f"ingest: warning: {count} photographs of feedback were labelled without the class {name}: none shows it")
    counts = Counts(source, layout, len(places), len(merged), len(crops), len(passed_over), rejected, dropped, left_out)
    counts.judge(section.max_quarantined, report)
    _unchanged(workspace.data, before)
    with replacing_folder(workspace.artifact("ingest")) as folder:
        lines = _rows(rows, group_of, first.age, workspace.ingesting)
        table.write_shards(folder, lines, table.INGESTED, section.shard_rows)


def _unchanged(data: Path, before: dict[str, tuple[int, int, int]]) -> None:
    """DVC is about to write in dvc.lock that all that lies there now was read."""
    now = chunks.stamps(data)
    if changed := sorted(name for name in now.keys() | before if now.get(name) != before.get(name)):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise WeldspotError(f"{data / changed[0]}{more}: changed while ingest was reading; run `dvc repro` again")


def _originals(workspace: "Workspace") -> tuple[Path, ...]:
    """Where a name that was quarantined may lie."""
    fetched = workspace.artifact("fetch")
    return fetched / "export.zip", fetched / "background.zip", workspace.data


def _gather(
    workspace: "Workspace", classes: ClassList, layouts: Sequence[str]
) -> tuple[str, str, list[chunks.Chunk], list[Rejected], list[PassedOver]]:
    """Where the export came from, its layout, everything that is to be read, and what is not."""
    fetched = workspace.artifact("fetch")
    export, background = fetched / "export.zip", fetched / "background.zip"
    with Archive(export) as archive:
        source = provenance.read(fetched / "provenance.json").export.where
        layout = recognition.recognise(archive, source, layouts)
    items = [*chunks.export_chunks(export, layout), *chunks.data_chunks(workspace.data, classes.background)]
    if background.exists():
        items += chunks.background_chunks(background, classes.background)
    found = [item for item in items if isinstance(item, chunks.Chunk)]
    rejected = [item for item in items if isinstance(item, Rejected)]
    return source, layout, found, rejected, [item for item in items if isinstance(item, PassedOver)]


def _canonical(
    found: list[chunks.Chunk], scratch: Path, labels: Spellings, section: Ingest, prints: PrintFile
) -> list[canonicalise.Outcome]:
    """What became of each chunk; the fingerprints go to their file, they would fill the memory."""
    rules = canonicalise.Rules(
        labels.class_list(),
        section.unannotated,
        section.background_crops,
        tuple(labels.background_crops_from),
        section.crop_side,
        section.max_pixels,
        section.min_side,
        section.unknown_classes,
    )
    tasks = [canonicalise.Task(chunk, rules, writes=(scratch / f"{index:06d}",)) for index, chunk in enumerate(found)]
    outcomes = []
    for outcome in map_shards(canonicalise.run, tasks, "ingest", f"batch of {chunks.CHUNK_IMAGES}"):
        prints.append(outcome.fingerprints)
        outcome.fingerprints.clear()
        outcomes.append(outcome)
    return outcomes


def _between(row: Merged) -> Rejected:
    """Its scenes may stand in different splits, which it would have to be kept apart from at once."""
    return Rejected(row.places[0].name, "looks like photographs of two scenes that were apart before it came")


def _two(row: Merged) -> Rejected:
    names = " and ".join(sorted({place.name for place in row.places})[:3])
    return Rejected(
        row.places[0].name, f"the same image is {' and '.join(row.labels)} ({names}; labels.exclusive = true)"
    )


def _crops(
    crops: Iterable[Found], merged: dict[str, Merged], age: dict[str, int], labels: Spellings, section: Ingest
) -> Iterator[Merged]:
    """Crops that may still be cut once identical images have been merged: by the labels and boxes of all of them.

    What came later than a crop's photograph does not keep it from being cut, whatever it looks like.
    """
    taken: dict[str, list[Found]] = defaultdict(list)
    seen = set[str]()
    for crop in sorted(crops, key=lambda c: (c.parent, c.region, c.name)):
        parent = merged.get(crop.parent)
        if parent is None or crop.id in seen or len(taken[crop.parent]) == section.background_crops:
            continue
        if crop.id in merged and age[crop.id] <= age[crop.parent]:
            continue
        if not show_the_weld(parent.boxes, parent.labels, parent.found.size, labels.background_crops_from):
            continue
        if not _is_free(crop, parent):
            continue
        seen.add(crop.id)
        taken[crop.parent].append(crop)
    for image_id, chosen in taken.items():
        for crop in chosen:
            row = merge([crop], labels.class_list())
            yield Merged(row.found, row.labels, row.boxes, merged[image_id].places)


def _crop_line(count: int, merged: Iterable[Merged], labels: Spellings) -> str:
    if labels.background is None:
        return "no crops of background: labels.background is null"
    if not labels.background_crops_from:
        return f"no {labels.background} crops: labels.background_crops_from names no class"
    boxed = sum(any(box[0] != labels.background for box in row.boxes) for row in merged)
    return f"{count} {labels.background} crops of {boxed} photographs with boxes, {rule(labels.background_crops_from)}"


def _is_free(crop: Found, parent: Merged) -> bool:
    return all(place.boxed for place in parent.places) and is_free(crop.region, parent.boxes)


def _rows(
    merged: Iterable[Merged], group_of: dict[str, str | None], age_of: dict[str, int], scratch: Path
) -> Iterator[table.IngestedRow]:
    for row in merged:
        found = row.found
        yield {
            "id": found.id,
            "image": found.data(scratch),
            "width": found.size[0],
            "height": found.size[1],
            "labels": row.labels,
            "boxes": [table.box_row(*box) for box in row.boxes],
            "source": found.source,
            "name": row.places[0].name,
            "group": group_of[found.parent or found.id],
            "age": age_of[found.parent or found.id],
        }
