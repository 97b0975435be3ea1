"""What a welder's upload says of its photograph: the object's name and its metadata, checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from weldspot.contracts import limits
from weldspot.contracts.upload import UploadMetadata
from weldspot.labels import ClassList, fold

_NAME = re.compile(r"feedback/(?P<uploader>[A-Za-z0-9_-]{1,128})/(?P<id>[A-Za-z0-9_-]{1,128})\.jpg")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EPOCH, _LATEST = 2000, 2100  # a phone whose clock is off by decades says nothing about when
_REQUIRED = {"labels": "", "scores": "", "model": "", "taken": ""}  # what is missing says nothing
_MOST_CLASSES, _NAME_CHARACTERS = 100, 60
_FOREIGN = re.compile(r"[;|<>]")
_REASONS = {
    "labels": f"labels are longer than {limits.CLASSES_CHARACTERS} characters",
    "classes": f"classes are longer than {limits.CLASSES_CHARACTERS} characters",
    "model": "model is not a SHA-256 of 64 hex digits",
    "device": f"device is longer than {limits.DEVICE_CHARACTERS} characters",
    "note": f"note is longer than {limits.NOTE_CHARACTERS} characters",
}


class BadUpload(Exception):
    """Why an upload goes to quarantine, and what of it could be read: that is kept there."""

    def __init__(self, reason: str, data: bytes = b"", metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.data, self.metadata = data, dict(metadata or {})


@dataclass(frozen=True)
class Upload:
    """What the metadata of one upload says, checked; `labels` are of `classes`, the list of the phone's model."""

    id: str
    labels: list[str]
    classes: list[str]
    scores: list[float]
    model: str
    taken: datetime
    device: str
    uploader: str
    note: str
    sha256: str  # of the image as uploaded; "" where the uploader gave none


def parse(name: str, metadata: Mapping[str, str], list_of: Callable[[str], ClassList]) -> Upload:
    """Reads the object name `feedback/{uploader}/{id}.jpg` and its custom metadata (contracts.upload), all strings.

    `list_of`: the classes of the model of a SHA-256, as far as they are known here; asked where the phone does not say.

    Raises:
        BadUpload: it does not say what it must; the first reason in the order below.
    """
    uploader, image_id = _place(name)
    sent = _REQUIRED | dict(metadata)
    sent |= {key: sent[key].strip().lower() for key in ("model", "sha256") if key in sent}
    wrong = _beyond_the_contract(sent)
    _refuse("model", wrong)
    _refuse("classes", wrong)
    listed = sent.get("classes", "").strip()
    classes = _listed(listed) if listed else list_of(sent["model"])
    scores = _scores(sent["scores"], classes)
    sha256 = sent.get("sha256", "")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise BadUpload("sha256 is not 64 hex digits")
    _refuse("labels", wrong)
    labels, taken = _labels(sent["labels"], classes), _taken(sent["taken"])
    _refuse("device", wrong)
    _refuse("note", wrong)
    device, note = sent.get("device", ""), sent.get("note", "")
    said = labels, list(classes.names), scores
    return Upload(image_id, *said, sent["model"], taken, device, uploader, note, sha256)


def translated(upload: Upload, classes: ClassList) -> list[str]:
    """What the labels mean in the project's own list; those of retired classes are left out.

    Raises:
        BadUpload: one means nothing, none is left, or they contradict each other.
    """
    meant = {label: classes.canonical(label) for label in upload.labels if not classes.is_retired(label)}
    if unknown := [label for label, name in meant.items() if name is None]:
        raise BadUpload(f"{unknown[0]!r} is none of the classes, nor an alias of one ({', '.join(classes.names)})")
    found = classes.in_order(name for name in meant.values() if name)
    if not found:
        raise BadUpload(f"only of retired classes: {', '.join(upload.labels)}")
    _consistent(found, classes)
    return found


def _beyond_the_contract(sent: Mapping[str, str]) -> set[str]:
    """The keys whose values the contract does not allow."""
    try:
        UploadMetadata.model_validate(sent)
    except ValidationError as error:
        return {str(problem["loc"][0]) for problem in error.errors()}
    return set()


def _refuse(key: str, wrong: set[str]) -> None:
    if key in wrong:
        raise BadUpload(_REASONS[key])


def _place(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    if not found:
        raise BadUpload("the name is not feedback/{uploader}/{id}.jpg")
    return found["uploader"], found["id"]


def _listed(text: str) -> ClassList:
    """The list that a phone says it has; what its names mean here is for `translated` to say."""
    names = [name.strip() for name in text.split(",")]
    if len(names) > _MOST_CLASSES or len({fold(name) for name in names}) < len(names):
        raise BadUpload("classes are no list of classes")
    if any(not fold(name) or len(name) > _NAME_CHARACTERS or _FOREIGN.search(name) for name in names):
        raise BadUpload("classes hold what is no class's name")
    if not all(name.isprintable() for name in names):  # an escape, a change of direction: it is printed and logged
        raise BadUpload("classes hold what is no class's name")
    return ClassList(tuple(names))


def _labels(text: str, classes: ClassList) -> list[str]:
    chosen = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        label = classes.canonical(part)
        if label is None:
            raise BadUpload(f"{part[:60]!r} is none of the classes {', '.join(classes.names)[:400]}")
        chosen.append(label)
    if not chosen:
        raise BadUpload("no labels")
    _consistent(chosen, classes)
    return classes.in_order(chosen)


def _consistent(chosen: list[str], classes: ClassList) -> None:
    if classes.background in chosen and len(set(chosen)) > 1:
        raise BadUpload(f"{classes.background} together with another class")
    if classes.exclusive and len(set(chosen)) > 1:
        raise BadUpload(f"{' and '.join(dict.fromkeys(chosen))} together, of a list of which one at a time is shown")


def _scores(text: str, classes: ClassList) -> list[float]:
    try:
        scores = [float(part) for part in text.split(",")]
    except ValueError:
        raise BadUpload("scores are not numbers") from None
    if len(scores) != len(classes):
        raise BadUpload(f"{len(scores)} scores instead of {len(classes)}")
    if not all(0 <= score <= 1 for score in scores):  # NaN fails this too
        raise BadUpload("a score is not between 0 and 1")
    return scores


def _taken(text: str) -> datetime:
    try:
        taken = datetime.fromisoformat(text)
    except ValueError:
        raise BadUpload("taken is not an ISO 8601 time") from None
    if taken.tzinfo is None:
        raise BadUpload("taken has no time zone")
    if not _EPOCH <= taken.year <= _LATEST:
        raise BadUpload(f"taken in the year {taken.year}")
    return taken.astimezone(UTC)
