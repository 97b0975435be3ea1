"""A zip that somebody else made, opened: what is wrong with its table is one line, what it may hold has a bound."""

import zipfile
from itertools import pairwise
from pathlib import Path

from weldspot.runtime.errors import WeldspotError

_SLACK, _TIMES = 256 * 2**20, 100  # bytes, and times its own size: photographs hardly shrink, text by ten to thirty
_HEADER = 30  # bytes of a member's own header, at least


def opened(path: Path, shown: str = "") -> zipfile.ZipFile:
    """The zip, to be closed; messages call it `shown`.

    Raises:
        FileNotFoundError: there is none.
        WeldspotError: it is no whole zip, or says that it holds more than `allowance`.
    """
    try:
        found = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise
    except Exception as error:  # of a damaged table the reader raises anything
        said = " ".join(str(error).split()) or type(error).__name__
        raise WeldspotError(f"{shown or path}: not a whole zip file ({said[:120]}); get it again") from error
    if not all(info.filename for info in found.infolist()):
        found.close()
        raise WeldspotError(f"{shown or path}: not a whole zip file (a member without a name); get it again")
    size = sum(info.file_size for info in found.infolist())
    if size > (most := allowance(path.stat().st_size)):
        found.close()
        said = f"{size / 1e9:.1f} GB, more than {most / 1e9:.1f} GB for its size"
        raise WeldspotError(
            f"{shown or path}: would unpack to {said}, and is not opened; remove what is so large, or give the folder"
        )
    return found


def allowance(size: int) -> int:
    """How many bytes may come out of so many that are packed: a hundred times as many, and 256 MB."""
    return _SLACK + _TIMES * size


def over_each_other(archive: zipfile.ZipFile) -> set[str]:
    """The names of members that share bytes with another one: so a small zip says a thousand times the same."""
    found = sorted(archive.infolist(), key=lambda info: info.header_offset)
    sharing = set()
    for first, second in pairwise(found):
        if second.header_offset < first.header_offset + _HEADER + first.compress_size:
            sharing |= {first.filename, second.filename}
    return sharing
