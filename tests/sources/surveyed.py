"""One layout's own look at some files, without the others."""

from pathlib import Path

import exports

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.registry import Layout
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import look
from weldspot.sources.record import Record, Rejected


def survey(path: Path, layout: Layout, files: dict[str, bytes]) -> tuple[Survey, dict[str, Record | Rejected]]:
    """What `layout` makes of the files, and what it reads of each image; `path`: a folder to write into."""
    (path / "in.zip").write_bytes(exports.zipped(files))
    with Archive(path / "in.zip") as archive:
        found = layout.survey(archive, look(archive.names, archive.head))
        return found, {item.name: item for item in layout.read(archive, found)}
