"""Feedback batches: immutable Parquet files of photographs that welders have corrected.

A row is one upload: the photograph without the camera's metadata, the welder's labels, the scores of the model that the
phone ran, and where it came from. Ingest reads `image` and `labels`; the drift gate reads the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from weldspot.labels import BACKGROUND, CLASSES, canonical, in_order

_NAME = re.compile(r"feedback/(?P<uploader>[A-Za-z0-9_-]{1,128})/(?P<id>[A-Za-z0-9_-]{1,128})\.jpg")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EPOCH, _LATEST = 2000, 2100  # a phone whose clock is off by decades says nothing about when

SCHEMA = pa.schema(
    [
        ("id", pa.string()),  # the upload's own name, a UUID
        ("image", pa.binary()),  # JPEG, upright, without metadata
        ("labels", pa.list_(pa.string())),  # the welder's, in canonical order
        *((name, pa.float32()) for name in CLASSES),  # the model's scores, 0 to 1
        ("model", pa.string()),  # SHA-256 of the .tflite that gave them
        ("taken", pa.timestamp("ms", tz="UTC")),
        ("device", pa.string()),
        ("uploader", pa.string()),
        ("note", pa.string()),
        ("origin", pa.string()),  # where the upload lay: feedback/{uploader}/{id}.jpg
    ]
)


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
    """Reads the object name `feedback/{uploader}/{id}.jpg` and its custom metadata, all strings.

    `labels`: class names separated by commas; `scores`: seven numbers in class order, separated by commas; `model`:
    SHA-256; `taken`: ISO 8601 with zone; optional `device`, `note`, `sha256`. Raises BadUpload with the reason.
    """
    uploader, image_id = _place(name)
    scores = _scores(metadata.get("scores", ""))
    model = metadata.get("model", "").strip().lower()
    if not _SHA256.fullmatch(model):
        raise BadUpload("model is not a SHA-256 of 64 hex digits")
    sha256 = metadata.get("sha256", "").strip().lower()
    if sha256 and not _SHA256.fullmatch(sha256):
        raise BadUpload("sha256 is not 64 hex digits")
    return Upload(
        image_id, _labels(metadata.get("labels", "")), scores, model, _taken(metadata.get("taken", "")),
        _text(metadata, "device", 200), uploader, _text(metadata, "note", 2000), sha256,
    )  # fmt: skip


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


def _text(metadata: Mapping[str, str], key: str, longest: int) -> str:
    text = metadata.get(key, "")
    if len(text) > longest:
        raise BadUpload(f"{key} is longer than {longest} characters")
    return text
