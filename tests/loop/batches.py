"""Feedback batches for tests."""

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
