"""Which files of a source are images: by their names, and by their first bytes where the name does not tell."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from weldspot.sources.record import is_image

HEAD = 32  # bytes that tell one kind from another
DEVELOP = "develop it: export it as JPEG from the phone or with the camera maker's program"  # what to do about a raw

_RAW = (".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".orf", ".rw2", ".raf", ".pef", ".3fr")
RAW_HEAD = re.compile(rb"II\*\0....CR|IIR[OS]|MMOR|IIU\0|FUJIFILM|....ftypcrx ", re.DOTALL)
_NEW = (".jxl", ".jxr")
_JPEG_2000 = (".jp2", ".j2k", ".jpf", ".jpx", ".jpm")
_OTHER = (
    ".ppm",
    ".pgm",
    ".pbm",
    ".pnm",
    ".pam",
    ".psd",
    ".svg",
    ".tga",
    ".exr",
    ".hdr",
    ".dcm",
    ".dds",
    ".pcx",
    ".sgi",
)
_UNREAD_SUFFIXES = frozenset((*_RAW, *_NEW, *_JPEG_2000, *_OTHER, ".qoi", ".ico", ".eps", ".xcf"))
_NOTES = (".txt", ".xml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".yaml", ".yml", ".md", ".html", ".htm")
_TEXT_SUFFIXES = frozenset((*_NOTES, ".names", ".data", ".cfg", ".ini", ".toml", ".log", ".py", ".m"))
_READ = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP|BM....\0\0\0\0|"
    rb"....ftyp(?:avi[fs]|hei[cxms]|hev[cxms]|mif1|msf1)",
    re.DOTALL,
)
_UNREAD = re.compile(
    rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51|\0\0\0\x0cJXL |\xff\x0a|"
    rb"P[1-6][\s#]|8BPS|\x76\x2f\x31\x01",
    re.DOTALL,
)


@dataclass(frozen=True)
class Members:
    """`images` in order, those of kinds that are not read among them: `unread` says so of each. `others`: the rest."""

    images: tuple[str, ...]
    unread: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def look(names: Iterable[str], head: Callable[[str, int], bytes]) -> Members:
    """Sorts file names; `head(name, length)` gives the first bytes of a file whose name does not tell."""
    images, others = [], []
    unread: dict[str, str] = {}
    for name in names:
        suffix = PurePosixPath(name).suffix.lower()
        start = b"" if is_image(name) or suffix in _UNREAD_SUFFIXES | _TEXT_SUFFIXES else head(name, HEAD)
        if suffix in _RAW or RAW_HEAD.match(start):
            unread[name] = f"a camera's raw file ({suffix or 'no ending'}); {DEVELOP}"
        elif suffix in _UNREAD_SUFFIXES or _UNREAD.match(start):
            unread[name] = f"an image of a kind that is not read ({suffix or 'no ending'}); convert it to JPEG or PNG"
        if is_image(name) or name in unread or _READ.match(start):
            images.append(name)
        else:
            others.append(name)
    return Members(tuple(images), unread, tuple(others))
