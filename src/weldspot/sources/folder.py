"""A folder or zip of the user's own: a zip is delivered as it is, a folder packed."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive, BadMember, pack

_LICENCE = re.compile(r"^\s*licen[cs]e\s*:\s*(.{1,120}?)\s*$", re.IGNORECASE | re.MULTILINE)


def deliver(source: Path, target: Path, key: str) -> None:
    """Puts the zip, or the packed folder, at `target`; raises WeldspotError, which names the config `key`."""
    if source.is_dir():
        pack(source, target)
    elif zipfile.is_zipfile(source):
        shutil.copyfile(source, target)
    elif source.exists():
        raise WeldspotError(f"{key}: {source} is neither a folder nor a whole zip file; set {key} to one")
    else:
        raise WeldspotError(f"{key}: {source} does not exist; set {key} to a folder or a zip")


def describe(archive: Path) -> dict[str, str | int | list[str] | None]:
    """Licence (as the export's README declares it, None when it doesn't), sha256 and size of a delivered zip, and the
    members that can't be read.
    """
    with Archive(archive) as members, archive.open("rb") as stream:
        return {
            "licence": _licence(members),
            "sha256": hashlib.file_digest(stream, "sha256").hexdigest(),
            "bytes": archive.stat().st_size,
            "damaged": members.damaged(),
        }


def _licence(archive: Archive) -> str | None:
    for name in archive.names:
        if re.match(r"(readme|licen[cs]e)[^/]*\.(txt|md)$", name, re.IGNORECASE):
            try:
                declared = _LICENCE.search(archive.read(name, 1 << 20).decode("utf-8", "replace"))
            except BadMember:
                continue
            if declared:
                return declared[1]
    return None
