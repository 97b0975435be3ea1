"""Zip archives: packed to the same bytes every time, and read without trusting them or writing a file."""

import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import IO, Self

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed import zips
from weldspot.sources.packed.unpack import EPOCH, LARGEST, is_packed, longest, unpack
from weldspot.sources.record import PassedOver, Rejected

MAX_MEMBER_BYTES = LARGEST
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_LONGEST_NAME, _DEEPEST = 1000, 50  # letters of a path, and folders in it
_SAID, _SAID_OF_EACH = 10_000, 1_000  # things that a file may say, and of each file of the export
_SYSTEM = re.compile(r"(^|/)(\._|\.DS_Store$|__MACOSX/|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
HIDDEN = re.compile(r"(^|/)\.")
_DVC_OBJECT = re.compile(r"/files/md5/[0-9a-f]{2}/[0-9a-f]{30}$")


class BadMember(Exception):
    """Why a member can't be read."""


def pack(folder: Path, target: Path) -> None:
    """Packs a directory (stored, sorted, one fixed date): the same files give the same bytes.

    What a tar, a TFRecord or a Parquet of images holds goes in, in a folder of its name. Links go in as links, so that
    a reader sees and rejects them; they are never followed, but to an object of a DVC cache, which is how DVC puts
    files where `cache.type` is symlink. Of a hidden folder its name alone goes in.

    Raises:
        WeldspotError: a file can't be read, or what is packed in one is damaged.
    """
    files = sorted((p.relative_to(folder).as_posix() + "/" * _is_folder(p), p) for p in _files(folder))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files:
            info = zipfile.ZipInfo(name.encode("utf-8", "backslashreplace").decode(), EPOCH)
            info.create_system = 3  # Unix, whatever packs it
            link = is_foreign_link(path)
            info.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
            if link or info.is_dir():
                archive.writestr(info, os.readlink(path).encode("utf-8", "backslashreplace") if link else b"")
                continue
            with path.open("rb") as source:
                if is_packed(name, source):
                    unpack(name, source, archive, path.stat().st_size)
                    continue
                info.file_size = path.stat().st_size
                with archive.open(info, "w") as member:
                    shutil.copyfileobj(source, member, 1 << 20)


def is_foreign_link(path: Path) -> bool:
    """Whether this is a symbolic link to anything but an object of a DVC cache."""
    return path.is_symlink() and not (path.is_file() and _DVC_OBJECT.search(os.path.realpath(path)))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _files(folder: Path) -> list[Path]:
    """Files and links, and hidden folders in place of what they hold: caches and histories of other tools."""

    def fail(error: OSError) -> None:
        raise WeldspotError(f"{error.filename}: can't be read ({error.strerror}); fix its permissions")

    found = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        here = Path(parent)
        hidden = [name for name in folders if HIDDEN.search(name)]
        folders[:] = sorted(set(folders) - set(hidden))
        linked = [name for name in folders if (here / name).is_symlink()]
        found += [path for name in names + linked if (path := here / name).is_symlink() or path.is_file()]
        found += [here / name for name in hidden]
    return found


@dataclass(frozen=True)
class _Listing:
    members: dict[str, zipfile.ZipInfo]
    rejected: list[Rejected]
    passed_over: list[PassedOver]


def _list(archive: zipfile.ZipFile) -> _Listing:
    members: dict[str, zipfile.ZipInfo] = {}
    rejected: list[Rejected] = []
    passed_over: list[PassedOver] = []
    sharing = zips.over_each_other(archive)
    for info in sorted(archive.infolist(), key=lambda i: i.filename):
        name = _name(info)
        if len(name) > _LONGEST_NAME or name.count("/") > _DEEPEST:
            rejected.append(Rejected(f"{name[:60]}…", f"a path of {len(name)} letters and {name.count('/')} folders"))
            continue
        noise = _noise(name.replace("../", ""))
        if info.is_dir() or noise:
            passed_over += [PassedOver(name, noise)] if noise else []
            continue
        reason = _refusal(info, name)
        if reason is None and name in members:
            reason = "stands in the zip twice"
        if reason is None and info.filename in sharing:
            reason = "lies over another member in the zip"
        if reason is not None:
            rejected.append(Rejected(name, reason))
            continue
        members[name] = info
    folders = {name[:at] for name in members for at in range(len(name)) if name[at] == "/"}
    unpacked = [name for name in members if name in folders]  # a tar in a zip, which fetch has taken apart
    passed_over += [PassedOver(name, "unpacked: what it holds lies in a folder of its name") for name in unpacked]
    rejected = [item for item in rejected if item.name not in folders]
    return _Listing({n: info for n, info in members.items() if n not in folders}, rejected, passed_over)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name with forward slashes; UTF-8 is read as such though the zip does not say that it is."""
    name = info.filename
    if not info.flag_bits & _UTF_8 and not name.isascii():
        with suppress(UnicodeError):  # else it is what it says: code page 437
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def _noise(name: str) -> str:
    if _SYSTEM.search(name):
        return "an operating system's own file"
    return "hidden: a name on its path begins with a dot" if HIDDEN.search(name) else ""


def _refusal(info: zipfile.ZipInfo, name: str) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    limit = longest(name)
    checks = {
        "an absolute path in the zip": re.match(r"^(/|[A-Za-z]:)", name),
        "a path that climbs out of the zip": ".." in name.split("/"),
        "a symbolic link": kind == stat.S_IFLNK,
        "not a regular file": kind not in (0, stat.S_IFREG),
        "encrypted": info.flag_bits & _ENCRYPTED,
        f"{info.file_size} bytes, more than {limit}": info.file_size > limit,
    }
    return next((reason for reason, found in checks.items() if found), None)


@contextmanager
def _explained(more: type[Exception] = zipfile.BadZipFile) -> Iterator[None]:
    """Raises BadMember for all that can be wrong with a member; `more`: of what else its header's reader raises."""
    try:
        yield
    except zipfile.BadZipFile as error:
        wrong = "CRC" in str(error)
        raise BadMember("damaged in the zip (wrong CRC)" if wrong else "damaged in the zip") from error
    except (NotImplementedError, RuntimeError) as error:
        raise BadMember("compressed or encrypted in a way that can't be read") from error
    except (zlib.error, LZMAError, EOFError, OSError, MemoryError, struct.error, more) as error:
        raise BadMember("damaged in the zip") from error


class Archive:
    """A zip's usable members, by name in sorted order (`names`), and the others with their reasons: what can't be
    trusted is `rejected`, what belongs to no export `passed_over`.

    Raises WeldspotError when the file is no zip.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zips.opened(path)
        except FileNotFoundError:
            raise WeldspotError(f"{path}: no such file; run `dvc repro fetch` first") from None
        listing = _list(self._zip)
        self._members = listing.members
        self.names: tuple[str, ...] = tuple(sorted(listing.members))
        self.rejected: tuple[Rejected, ...] = tuple(listing.rejected)
        self.passed_over: tuple[PassedOver, ...] = tuple(listing.passed_over)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def most_said(self) -> int:
        """How many rows, objects or elements one file of an export of so many files may have."""
        return _SAID + _SAID_OF_EACH * len(self.names)

    def read(self, name: str, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """The bytes of one member, checked against its CRC; raises BadMember with the reason."""
        info = self._members[name]
        if info.file_size > limit:
            raise BadMember(f"{info.file_size} bytes, more than {limit}")
        with _explained(Exception):
            return self._zip.read(info)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one member as a stream, its CRC checked at the end; BadMember as by `read`."""
        with _explained(Exception):
            member = self._zip.open(self._members[name])
        with _explained(), member:
            yield member

    def head(self, name: str, length: int) -> bytes:
        """The first bytes of a member, b"" when it can't be read."""
        try:
            with self.open(name) as member:
                return member.read(length)
        except BadMember:
            return b""

    def damaged(self) -> list[str]:
        """The members that can't be read whole; reads every one."""
        return [name for name in self.names if not self._readable(name)]

    def _readable(self, name: str) -> bool:
        try:
            with self.open(name) as member:
                while member.read(1 << 20):
                    pass
        except BadMember:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
