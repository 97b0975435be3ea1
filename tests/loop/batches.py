"""Feedback batches for tests."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from uploads import upload
from weld_classes import always

from weldspot.loop.feedback import feedback_batches
from weldspot.loop.feedback.feedback_batches import Corrected
from weldspot.loop.feedback.spool import Via
from weldspot.loop.feedback.upload_metadata import parse
from weldspot.workspace import Workspace

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def batch(workspace: Workspace, *numbers: int, when: datetime = NOON, via: Via = "loopback", **changes: str) -> Path:
    """The uploads of these numbers as a batch in the inbox."""
    corrected = []
    for number in numbers:
        name, image, metadata = upload(number, **changes)
        corrected.append(Corrected(name, image, parse(name, metadata, always), via))
    return feedback_batches.write(workspace, corrected, when)


def sent(
    workspace: Workspace, photographs: Sequence[tuple[bytes, str]], when: datetime = NOON, uploader: str = "mallory"
) -> Path:
    """A batch in the inbox of these photographs (JPEG, labels with commas), each under an id of its own."""
    corrected = []
    for number, (image, labels) in enumerate(photographs):
        _, _, metadata = upload(number, labels=labels, sha256=hashlib.sha256(image).hexdigest())
        name = f"feedback/{uploader}/{uuid.uuid5(uuid.NAMESPACE_OID, f'{when} {uploader} {number}')}.jpg"
        corrected.append(Corrected(name, image, parse(name, metadata, always)))
    return feedback_batches.write(workspace, corrected, when)
