"""How a task of Label Studio's names its image: a path on its server, a link, a place in a bucket, or a bare name."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_plus

from weldspot.sources.record import is_image

_KEYS = ("image", "img", "photo", "picture", "file", "filename", "url", "ocr")
_UPLOAD = re.compile(r"/data/upload/(?:\d+/)?(?P<name>[^/]+)$")
_LINK = re.compile(r"(?P<kind>[a-z][a-z0-9+.-]*)://")
_HASH = re.compile(r"^[0-9a-f]{8}-(?=.)")


def spellings(data: Mapping[str, object], file_upload: object = None) -> tuple[str, ...]:
    """How the image of a task may be called in an export, the likeliest first; none where the task names none.

    Args:
        data: The task's data.
        file_upload: The name of the file that was uploaded, if the task has it.
    """
    texts = {key: value for key, value in data.items() if isinstance(value, str) and not value.startswith("data:")}
    ranked = sorted(texts, key=lambda key: _KEYS.index(key.lower()) if key.lower() in _KEYS else len(_KEYS))
    found = [name for key in ranked for name in _names(texts[key], certain=key.lower() in _KEYS)]
    if isinstance(file_upload, str) and file_upload:
        found += [file_upload, _HASH.sub("", file_upload)]
    return tuple(dict.fromkeys(found))


def _names(value: str, *, certain: bool) -> list[str]:
    """The value as a path, as it is and with `%20` and the like resolved; of an upload also without its mark."""
    path = _path(value)
    if not certain and not is_image(unquote(path)):
        return []
    uploaded = _UPLOAD.search(path)
    ways = [read(way) for way in (path, path.partition("#")[0]) for read in (str, unquote, unquote_plus)]
    if uploaded:
        ways = [way.rpartition("/")[2] for way in ways]
        ways += [_HASH.sub("", way) for way in ways]
    return [way for way in ways if PurePosixPath(way).name]


def _path(value: str) -> str:
    """Without the server, the bucket and what a link asks for."""
    if "local-files" in value and "?d=" in value:
        return value.partition("?d=")[2]
    link = _LINK.match(value)
    if not link:
        return value
    path = value[link.end() :].partition("/")[2]
    return path.partition("?")[0] if link["kind"].startswith("http") else path
