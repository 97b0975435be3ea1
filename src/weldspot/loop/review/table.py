"""Decisions from and to a table (CSV): the review for those without a browser."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from weldspot.contracts.reviewed import REASON_CHARACTERS, Decided, Reviewed
from weldspot.labels import ClassList
from weldspot.loop.review import labels
from weldspot.loop.review.log import Log, decision
from weldspot.loop.review.waiting import Correction
from weldspot.runtime.csv_files import cells
from weldspot.runtime.csv_files.cells import uncelled
from weldspot.runtime.errors import WeldspotError

COLUMNS = (
    "upload", "decision", "labels", "reason", "model_says", "uploader", "reviewed", "agreement",
    "device", "note", "taken",
)  # fmt: skip
WORDS: tuple[Decided, ...] = ("accept", "change", "reject", "undo")
_SEPARATOR = "; "


def text(rows: Sequence[tuple[Correction, str, str, str]]) -> str:
    """The table of corrections, each with what the model says, and the uploader's reviews and agreement.

    `decision` is empty: one of accept, change (after `labels` was edited), reject (with a `reason`), undo goes there.
    """
    lines = []
    for one, model_says, reviewed, agreement in rows:
        said = one.key, "", _SEPARATOR.join(one.labels), "", model_says, one.uploader, reviewed, agreement
        lines.append((*said, one.device, one.note, one.taken))
    return cells.text(COLUMNS, lines)


def decisions(path: Path, waiting: Mapping[str, Correction], log: Log, by: str, classes: ClassList) -> list[Reviewed]:
    """What the rows with a decision say; nothing is written down here.

    Raises:
        WeldspotError: a row can't be meant so; the file, its line and what to do.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise WeldspotError(f"{path}: can't be read ({reason}); give a CSV that `weldspot review --to` wrote") from None
    reader = csv.DictReader(io.StringIO(content))
    missing = {"upload", "decision", "labels", "reason"} - set(reader.fieldnames or ())
    if missing:
        raise WeldspotError(f"{path}: no column {sorted(missing)[0]}; start from what `weldspot review --to` wrote")
    found: list[Reviewed] = []
    seen: set[str] = set()
    for row in reader:
        where = f"{path}:{reader.line_num}"
        word, key = (row["decision"] or "").strip().lower(), uncelled((row["upload"] or "").strip())
        if not word:
            continue
        if word not in WORDS:
            raise WeldspotError(f"{where}: {word[:40]!r} is no decision; write one of {', '.join(WORDS)}")
        if key not in waiting:
            raise WeldspotError(f"{where}: {key[:160]!r} does not wait here; it was admitted, or never collected")
        if key in seen:
            raise WeldspotError(f"{where}: {key} stands in the table twice; keep one")
        seen.add(key)
        given = [uncelled(part.strip()) for part in (row["labels"] or "").split(_SEPARATOR.strip()) if part.strip()]
        meant = WORDS[WORDS.index(word)]
        found.append(made(waiting[key], log, meant, by, given, row["reason"] or "", classes, where))
    return found


def made(
    one: Correction, log: Log, word: Decided, by: str, given: Sequence[str], reason: str, classes: ClassList,
    where: str, seen: int | None = None,
) -> Reviewed:  # fmt: skip
    """A decision on a correction, checked; `given`: labels, `where`: what an error names, `seen`: see `decision`.

    Raises:
        WeldspotError: it can't be meant so.
    """
    if word == "accept" and given and list(given) != one.labels:
        raise WeldspotError(f"{where}: the labels were edited; write change where they are to hold, or restore them")
    if word == "reject" and not reason.strip():
        raise WeldspotError(f"{where}: a reason is asked for to reject; give one, such as 'not a weld'")
    if len(reason) > REASON_CHARACTERS:
        raise WeldspotError(f"{where}: the reason is longer than {REASON_CHARACTERS} characters; shorten it")
    after = {"accept": one.labels, "reject": [], "undo": []}.get(word)
    if after is None:
        after = labels.checked(given, one.offered, classes, where)
    return decision(log, one.key, one.uploader, word, by, (one.labels, after), " ".join(reason.split()), seen)
