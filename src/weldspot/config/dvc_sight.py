"""What DVC sees of a source: a change that it does not see would make nothing stale, for ever."""

import os
from collections.abc import Iterator
from pathlib import Path

from weldspot.runtime.errors import WeldspotError

_IGNORE = ".dvcignore"


def check(source: Path, root: Path, key: str) -> None:
    """Looks at the files of a source as the DVC of the project in `root` would.

    Raises:
        WeldspotError: DVC stops at one of them, or passes one over; it names the config `key`.
    """
    for path in _files(source):
        if path.name == _IGNORE:
            raise WeldspotError(
                f"{key}: DVC does not take a folder with {path} in it; delete that, or give a copy or a zip"
            )
    if not source.resolve().is_relative_to(root.resolve()):
        return  # what .dvcignore says here is not said of files elsewhere
    from dvc.fs import localfs
    from dvc.ignore import DvcIgnoreFilter

    ignore = DvcIgnoreFilter(localfs, str(root.resolve()))
    for path in _files(source):
        if ignore.is_ignored(localfs, str(path.absolute())):
            raise WeldspotError(
                f"{key}: DVC passes over {path}: {_IGNORE} names it, or it lies in a DVC repository of its own; "
                f"changes there would never be seen: set {key} to a copy elsewhere, or to a zip"
            )


def _files(source: Path) -> Iterator[Path]:
    """Files in order, without what hidden folders hold; the source itself when it is a file."""
    if not source.is_dir():
        yield source
    for parent, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent) / name for name in sorted(names))
