"""Files by their content, as DVC's cache keeps them: the name of an object is the MD5 of its bytes.

DVC believes the name of every object that is write-protected, and whatever it has once checked out.
"""

import errno
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

Listing = dict[str, str]  # path within a folder → MD5 of the file
_FOLDER = ".dir"
_NO_FILE = (errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EIO)


def md5(path: Path) -> str:
    """The MD5 of a file's bytes; "" where no file is, or the disk does not give it."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        return ""


def listed(folder: Path) -> Listing:
    """Every file below a folder, as it is now."""
    return {path.relative_to(folder).as_posix(): md5(path) for path in folder.rglob("*") if path.is_file()}


def name(path: Path) -> str:
    """What DVC calls a file or a folder as it is now."""
    return folder_name(listed(path)) if path.is_dir() else md5(path)


def folder_name(listing: Mapping[str, str]) -> str:
    """What DVC calls a folder of these files."""
    entries = [{"md5": listing[path], "relpath": path} for path in sorted(listing)]
    text = json.dumps(entries, sort_keys=True).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest() + _FOLDER


class Cache:
    """The cache of the repository in `root`; what is damaged goes to `aside`: unread there, and not lost."""

    def __init__(self, root: Path, aside: Path) -> None:
        self._root, self.aside = root, aside
        self.files = Path(self._dvc("cache", "dir").strip() or root / ".dvc/cache") / "files/md5"

    def object(self, oid: str) -> Path:
        """Where an object lies, if it does."""
        return self.files / oid[:2] / oid[2:]

    def is_whole(self, oid: str) -> bool:
        """Whether an object is there and is what its name says."""
        return md5(self.object(oid)) == oid.removesuffix(_FOLDER)

    def listing(self, oid: str) -> Listing | None:
        """The files of a folder ("." of a file); None where the list is not in the cache, or is damaged."""
        if not oid.endswith(_FOLDER):
            return {".": oid}
        if not self.is_whole(oid):
            return None
        return {entry["relpath"]: entry["md5"] for entry in json.loads(self.object(oid).read_bytes())}

    def set_aside(self, path: Path, named: str) -> None:
        """Moves a file or a folder away, if it is there; what was set aside of that name before gives way."""
        target = self.aside / named
        if not path.exists() and not path.is_symlink():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        if path.is_symlink():  # to an object, which is not ours to move
            if path.is_file():
                shutil.copyfile(path, target)
            path.unlink()
        else:
            shutil.move(path, target)

    def restore(self, path: Path, oid: str) -> None:
        """Puts the bytes of a whole object at `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.object(oid), path)

    def fetch_again(self, oids: Sequence[str], tracked: str) -> list[str]:
        """Gets what is damaged or missing of a .dvc file's objects from the remote; returns what it does not have.

        That stays as it is: a damaged photograph is better than none.
        """
        wanted = [oid for oid in oids if not self.is_whole(oid)]
        damaged = [oid for oid in wanted if self.object(oid).exists()]
        for oid in damaged:
            self.set_aside(self.object(oid), oid)
        if wanted:
            self._dvc("fetch", "--quiet", tracked)
        lost = [oid for oid in wanted if not self.is_whole(oid)]
        for oid in set(lost) & set(damaged):
            self.object(oid).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.aside / oid, self.object(oid))
        return lost

    def edited(self) -> list[str]:
        """The files, relative to the root, that are not as DVC has them by its own records: somebody's work."""
        said = self._dvc("data", "status", "--granular", "--json")
        uncommitted: dict[str, list[str]] = json.loads(said or "{}").get("uncommitted", {})
        return [path for kind in ("modified", "added", "deleted") for path in uncommitted.get(kind, [])]

    def _dvc(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "dvc", *arguments]
        done = subprocess.run(command, cwd=self._root, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""
