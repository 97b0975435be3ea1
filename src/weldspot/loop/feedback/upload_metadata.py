"""What a welder's upload says of its photograph: the object's name and its metadata, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from weldspot.contracts import limits
from weldspot.contracts.upload import UploadMetadata
from weldspot.labels import BACKGROUND, CLASSES, canonical, in_order

_NAME = re.compile(r"feedback/(?P<uploader>[A-Za-z0-9_-]{1,128})/(?P<id>[A-Za-z0-9_-]{1,128})\.jpg")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EPOCH, _LATEST = 2000, 2100  # a phone whose clock is off by decades says nothing about when
_REQUIRED = {"labels": "", "scores": "", "model": "", "taken": ""}  # what is missing says nothing
_REASONS = {
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
    """What the metadata of one upload says, checked."""

    id: str
    labels: list[str]
    scores: list[float]
    model: str
    taken: datetime
    device: str
    uploader: str
    note: str
    sha256: str  # of the image as uploaded; "" where the uploader gave none


def parse(name: str, metadata: Mapping[str, str]) -> Upload:
    """Reads the object name `feedback/{uploader}/{id}.jpg` and its custom metadata (contracts.upload), all strings.

    Raises:
        BadUpload: it does not say what it must; the first reason in the order below.
    """
    uploader, image_id = _place(name)
    sent = _REQUIRED | dict(metadata)
    sent |= {key: sent[key].strip().lower() for key in ("model", "sha256") if key in sent}
    wrong = _beyond_the_contract(sent)
    scores = _scores(sent["scores"])
    _refuse("model", wrong)
    sha256 = sent.get("sha256", "")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise BadUpload("sha256 is not 64 hex digits")
    labels, taken = _labels(sent["labels"]), _taken(sent["taken"])
    _refuse("device", wrong)
    _refuse("note", wrong)
    device, note = sent.get("device", ""), sent.get("note", "")
    return Upload(image_id, labels, scores, sent["model"], taken, device, uploader, note, sha256)


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


def _labels(text: str) -> list[str]:
    chosen = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        label = canonical(part)
        if label is None:
            raise BadUpload(f"{part[:60]!r} is none of the seven classes")
        chosen.append(label)
    if not chosen:
        raise BadUpload("no labels")
    if BACKGROUND in chosen and len(set(chosen)) > 1:
        raise BadUpload("Background together with a weld class")
    return in_order(chosen)


def _scores(text: str) -> list[float]:
    try:
        scores = [float(part) for part in text.split(",")]
    except ValueError:
        raise BadUpload("scores are not numbers") from None
    if len(scores) != len(CLASSES):
        raise BadUpload(f"{len(scores)} scores instead of {len(CLASSES)}")
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
