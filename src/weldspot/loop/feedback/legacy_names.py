"""The earlier app's file names, `A0Z_1-0.9_0-0.1_….jpg`: an id, then by class the welder's bit and the score.

Such objects have no metadata: which model gave the scores is unknown, and when is the object's own time.
"""

import hashlib
import re
from datetime import datetime

from weldspot.labels import ClassList
from weldspot.loop.feedback.upload_metadata import BadUpload

UNKNOWN_MODEL = "0" * 64
UPLOADER = "legacy"

_PAIR = r"_[01]-(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]-?\d+)?"
_NAME = re.compile(rf"(?:feedback/)?(?P<id>[^/_]+)(?P<pairs>(?:{_PAIR})+)\.jpe?g", re.IGNORECASE)


def upload_name(name: str) -> str | None:
    """`feedback/legacy/{id}.jpg` for a name of the old form, None for any other; different names stay different."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    readable = re.sub(r"[^A-Za-z0-9-]", "-", found["id"])[:64]
    return f"feedback/{UPLOADER}/{readable}-{hashlib.sha256(name.encode()).hexdigest()[:12]}.jpg"


def metadata(name: str, created: datetime, classes: ClassList) -> dict[str, str]:
    """What today's app would have sent along; `name` must be of the old form, `created` have a time zone.

    Raises:
        BadUpload: it tells of another number of classes than the list has.
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError(f"{name!r} is not of the old form")
    bits, scores = zip(*(pair.split("-", 1) for pair in found["pairs"][1:].split("_")), strict=True)
    if len(bits) != len(classes):
        raise BadUpload(f"its name tells of {len(bits)} classes, the list has {len(classes)}")
    return {
        "labels": ",".join(classes.shown(bit == "1" for bit in bits)),
        "classes": ",".join(classes.names),
        "scores": ",".join(scores),
        "model": UNKNOWN_MODEL,
        "taken": created.isoformat(),
    }
