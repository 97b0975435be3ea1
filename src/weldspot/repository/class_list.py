"""conf/labels/<name>.yaml, written from the names in an export."""

import re
from collections.abc import Sequence
from pathlib import Path

from weldspot.config import labels_file
from weldspot.images.ingestion.class_survey import survey
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError


def named(name: str, key: str) -> str:
    """The name; raises WeldspotError, naming the option `key`, when no list can be called so."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise WeldspotError(f"{key} {name[:60]!r}: letters, digits, _ and - name a list")
    return name


def write(export: Path, shown: str, target: Path, layouts: Sequence[str] = ()) -> tuple[str, str]:
    """A list proposed from the export, which messages call `shown`; what is said of it, and how many classes it has.

    `layouts`: further ones, outside the package.
    """
    found = survey(export, layouts)
    proposal = labels_file.propose(found.images, found.single)
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(target, labels_file.text(proposal, shown).encode())
    said = labels_file.said(proposal, found.layout, found.annotated, found.empty, found.unusable)
    count = len(proposal.names)
    return said, f"{count} class{'es' * (count != 1)}"
