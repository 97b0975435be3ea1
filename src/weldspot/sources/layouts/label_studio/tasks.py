"""What the annotations of a task of Label Studio's say of its image, and which of several counts.

What was cancelled does not; what is marked as ground truth goes before the rest. Of several that show the same classes
the one that was changed last counts; where they show others, nobody knows which is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from weldspot.sources.layouts.gathering import Said
from weldspot.sources.layouts.label_studio import regions
from weldspot.sources.layouts.label_studio.regions import Region
from weldspot.sources.record import Box

_ABOUT = frozenset(
    [
        "id",
        "annotator",
        "annotation_id",
        "created_at",
        "updated_at",
        "lead_time",
        "agreement",
        "cancelled_annotations",
        "comment_count",
    ]
)


@dataclass(frozen=True)
class Annotation:
    """`when`: it was changed; `problem`: why it can't be used, "" when it can."""

    labels: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    frame: tuple[float, float] | None = None
    when: str = ""
    truth: bool = False
    cancelled: bool = False
    problem: str = ""


def full(found: Mapping[str, object]) -> Annotation:
    """An annotation of the JSON export: a list of results."""
    results = found.get("result")
    when, truth, cancelled = str(found.get("updated_at") or ""), found.get("ground_truth"), found.get("was_cancelled")
    marks = Annotation(when=when, truth=truth is True, cancelled=cancelled is True)
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        return replace(marks, problem="annotation has no list of results")
    labelled = {str(result.get("id")) for result in results if regions.names(_value(result))}
    read: list[Region] = []
    try:
        for result in results:
            value = _value(result)
            if isinstance(value.get("choices"), list) and not regions.has_place(value):
                read.append(Region(_texts(value["choices"])))
            elif regions.names(value):
                read.append(regions.region(value, result))
            elif regions.has_place(value) and str(result.get("id")) not in labelled:
                raise ValueError("annotation has a region without a label")
    except ValueError as error:
        return replace(marks, problem=str(error))
    return _together(read, marks)


def minimal(row: Mapping[str, object], choice: str) -> Annotation:
    """A row of JSON-MIN or of the CSV: its lists of regions, its choices, and those in the column `choice`."""
    marks = Annotation(when=str(row.get("updated_at") or ""))
    read: list[Region] = []
    try:
        for key, value in row.items():
            if isinstance(value, dict) and isinstance(value.get("choices"), list):
                read.append(Region(_texts(value["choices"])))
            elif key == choice and isinstance(value, str) and value.strip():
                read.append(Region((value.strip(),)))
            elif key not in _ABOUT and isinstance(value, list):
                found = [item for item in value if isinstance(item, dict) and regions.has_place(item)]
                read += [regions.region(item, item) for item in found]
    except ValueError as error:
        return replace(marks, problem=str(error))
    return _together(read, marks)


def choices(row: Mapping[str, object], image: Sequence[str]) -> set[str]:
    """The columns of a row that may hold a choice: text, and neither its image nor what is known of the task."""
    texts = {key for key, value in row.items() if isinstance(value, str) and value.strip() and key not in _ABOUT}
    return {key for key in texts if not any(str(row[key]).endswith(name) for name in image)}


def settle(found: Sequence[Annotation], names: tuple[str, ...], lost: tuple[str, str]) -> Said:
    """What counts of the annotations of one task."""
    whole = [annotation for annotation in found if not annotation.cancelled]
    if not whole:
        why = "skipped in Label Studio" if found else "no annotation of it is finished"
        return Said(names, problem=why, lost=lost)
    whole = [annotation for annotation in whole if annotation.truth] or whole
    shown = {tuple(sorted(set(annotation.labels))) for annotation in whole}
    last = max(whole, key=lambda annotation: annotation.when)
    problem = next((annotation.problem for annotation in whole if annotation.problem), "")
    if len(shown) > 1 and not problem:
        problem = f"its {len(whole)} annotations do not agree about its classes; mark one as ground truth"
    return Said(names, last.labels, last.boxes, last.frame, problem, lost)


def _together(read: Sequence[Region], marks: Annotation) -> Annotation:
    """The regions together: they must be of one picture."""
    pictures = {region.picture for region in read if region.corners and region.picture}
    labels = tuple(label for region in read for label in region.labels)
    width, height = next(iter(pictures)) if pictures else (1.0, 1.0)
    boxes = tuple(
        (label, corners[0] * width, corners[1] * height, corners[2] * width, corners[3] * height)
        for region in read
        for label in region.labels
        if (corners := region.corners)
    )
    problem = "annotation has regions of pictures of several sizes" if len(pictures) > 1 else ""
    return replace(marks, labels=labels, boxes=boxes, frame=(width, height), problem=problem)


def _value(result: Mapping[str, object]) -> Mapping[str, object]:
    value = result.get("value")
    return value if isinstance(value, dict) else {}


def _texts(values: object) -> tuple[str, ...]:
    found = values if isinstance(values, list) else []
    return tuple(value.strip() for value in found if isinstance(value, str) and value.strip())
