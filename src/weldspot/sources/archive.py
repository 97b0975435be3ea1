"""Zip archives: packed to the same bytes every time, and read without trusting them or writing a file."""

import os
import re
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Rejected

MAX_MEMBER_BYTES = 256 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold
_ENCRYPTED = 0x1
_NOISE = re.compile(r"(^|/)(\.|__MACOSX/|Thumbs\.db$|desktop\.ini$)")


class BadMember(Exception):
    """Why a member can't be read."""


def pack(folder: Path, target: Path) -> None:
    """Packs a directory (stored, sorted, one fixed date): the same files give the same bytes.

    Links go in as links, so that a reader sees and rejects them; they are never followed.
    """
    files = sorted((p.relative_to(folder).as_posix(), p) for p in _files(folder))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files:
            info = zipfile.ZipInfo(name.encode("utf-8", "backslashreplace").decode(), _EPOCH)
            info.create_system = 3  # Unix, whatever packs it
            link = path.is_symlink()
            info.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
            if link:
                archive.writestr(info, os.readlink(path).encode("utf-8", "backslashreplace"))
                continue
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, 1 << 20)


def _files(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise WeldspotError(f"{error.filename}: can't be read ({error.strerror}); fix its permissions")

    found = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        found += [path for name in names + linked if (path := Path(parent) / name).is_symlink() or path.is_file()]
    return [path for path in found if not _NOISE.search(path.relative_to(folder).as_posix())]


@dataclass(frozen=True)
class _Listing:
    members: dict[str, zipfile.ZipInfo]
    rejected: list[Rejected]


def _list(archive: zipfile.ZipFile) -> _Listing:
    members: dict[str, zipfile.ZipInfo] = {}
    rejected: list[Rejected] = []
    for info in sorted(archive.infolist(), key=lambda i: i.filename):
        name = info.filename.replace("\\", "/")
        while name.startswith("./"):
            name = name[2:]
        if info.is_dir() or _NOISE.search(name.replace("../", "")):
            continue
        reason = _refusal(info, name)
        if reason is None and name in members:
            reason = "stands in the zip twice"
        if reason is not None:
            rejected.append(Rejected(name, reason))
            continue
        members[name] = info
    return _Listing(members, rejected)


def _refusal(info: zipfile.ZipInfo, name: str) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    checks = {
        "an absolute path in the zip": re.match(r"^(/|[A-Za-z]:)", name),
        "a path that climbs out of the zip": ".." in name.split("/"),
        "a symbolic link": kind == stat.S_IFLNK,
        "not a regular file": kind not in (0, stat.S_IFREG),
        "encrypted": info.flag_bits & _ENCRYPTED,
        f"{info.file_size} bytes, more than {MAX_MEMBER_BYTES}": info.file_size > MAX_MEMBER_BYTES,
    }
    return next((reason for reason, found in checks.items() if found), None)


class Archive:
    """A zip's usable members, by name in sorted order (`names`), and the others with their reasons (`rejected`).

    Raises WeldspotError when the file is no zip.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise WeldspotError(f"{path}: no such file; run `dvc repro fetch` first") from None
        except (zipfile.BadZipFile, OSError) as error:
            raise WeldspotError(f"{path}: not a whole zip file ({error}); get it again") from error
        listing = _list(self._zip)
        self._members = listing.members
        self.names: tuple[str, ...] = tuple(sorted(listing.members))
        self.rejected: tuple[Rejected, ...] = tuple(listing.rejected)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """The bytes of one member, checked against its CRC; raises BadMember with the reason."""
        info = self._members[name]
        if info.file_size > limit:
            raise BadMember(f"{info.file_size} bytes, more than {limit}")
        try:
            return self._zip.read(info)
        except zipfile.BadZipFile as error:
            wrong = "CRC" in str(error)
            raise BadMember("damaged in the zip (wrong CRC)" if wrong else "damaged in the zip") from error
        except (zlib.error, EOFError, OSError) as error:
            raise BadMember("damaged in the zip") from error
        except (NotImplementedError, RuntimeError) as error:
            raise BadMember("compressed or encrypted in a way that can't be read") from error

    def head(self, name: str, length: int) -> bytes:
        """The first bytes of a member, b"" when it can't be read."""
        try:
            with self._zip.open(self._members[name]) as member:
                return member.read(length)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            return b""

    def damaged(self) -> list[str]:
        """The members that can't be read whole; reads every one."""
        return [name for name in self.names if not self._readable(name)]

    def _readable(self, name: str) -> bool:
        try:
            self.read(name)
        except BadMember:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
