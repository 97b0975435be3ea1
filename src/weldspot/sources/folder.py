"""A folder, zip, tar or TFRecord of the user's own: a zip is delivered as it is, all else packed into one."""

import hashlib
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive, BadMember, pack
from weldspot.sources.packed import tar
from weldspot.sources.packed.unpack import is_packed, packed_within, unpack, unpack_within
from weldspot.sources.text import decode

_LICENCE = re.compile(r"\s*licen[cs]e\s*:\s*(\S.{0,119})$", re.IGNORECASE)
_LINE = 1000  # letters of a line that may declare one


def is_plain_zip(source: Path) -> bool:
    """Whether it is a zip that is delivered byte for byte: nothing in it is to be unpacked."""
    try:
        return _is_zip(source) and not packed_within(source)
    except WeldspotError:  # who delivers it says what is wrong
        return False


def deliver(source: Path, target: Path, key: str, shown: str = "") -> None:
    """Puts the zip, or what the folder, tar or TFRecord holds, at `target`; what a tar in a zip holds is added to it.

    `shown`: what messages call the source, where that is not its path.

    Raises:
        WeldspotError: there is none of them at `source`, it names the config `key`; or what is packed is damaged.
    """
    if source.is_dir():
        pack(source, target)
    elif _is_zip(source):
        shutil.copyfile(source, target)
        unpack_within(target, shown or str(source))
    elif source.is_file() and _is_packed(source):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive, source.open("rb") as stream:
            unpack(source.name, stream, archive, source.stat().st_size)
    elif source.exists():
        raise WeldspotError(
            f"{key}: {shown or source} is neither a folder nor a whole zip, tar or TFRecord file; set {key} to one"
        )
    else:
        raise WeldspotError(f"{key}: {source} does not exist; set {key} to a folder, a zip or a tar")


def _is_zip(path: Path) -> bool:
    return zipfile.is_zipfile(path) and not path.name.lower().endswith(tar.ENDINGS)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return is_packed(path.name, stream)


@dataclass(frozen=True)
class Contents:
    """Of a delivered zip: `licence` as its README declares it (None when it doesn't), `size` in bytes, and `damaged`,
    the members that can't be read.
    """

    licence: str | None
    sha256: str
    size: int
    damaged: list[str]


def describe(archive: Path) -> Contents:
    """Looks into a delivered zip; reads every member."""
    with Archive(archive) as members, archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Contents(_licence(members), digest, archive.stat().st_size, members.damaged())


def _licence(archive: Archive) -> str | None:
    for name in archive.names:
        if re.match(r"(readme|licen[cs]e)[^/]*\.(txt|md)$", name, re.IGNORECASE):
            try:
                lines = decode(archive.read(name, 1 << 20)).splitlines()
            except (BadMember, UnicodeDecodeError):
                continue
            declared = (_LICENCE.match(line.strip()) for line in lines if line and len(line) < _LINE)
            if found := next(filter(None, declared), None):
                return found[1]
    return None
