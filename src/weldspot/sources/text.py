"""Somebody else's text: read as its byte order mark says, else as UTF-8."""

import codecs
import json
from collections.abc import Iterator
from typing import IO

_MOST_VALUES = 2_000_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode(data: bytes) -> str:
    """The text without its mark; raises UnicodeDecodeError (a ValueError) when it is none."""
    return data.decode(encoding(data))


def glance(data: bytes) -> str:
    """The beginning of a text, cut off anywhere, as far as it is one: enough to tell what it is."""
    return data.decode(encoding(data), errors="replace")


def pieces(stream: IO[bytes], length: int = 1 << 20) -> Iterator[str]:
    """The same text in pieces of about `length` letters, as it is read; raises UnicodeDecodeError where it is none."""
    data = stream.read(length)
    decoder = codecs.getincrementaldecoder(encoding(data))()
    while data:
        yield decoder.decode(data)
        data = stream.read(length)
    yield decoder.decode(b"", final=True)


def json_value(text: str | bytes) -> object:
    """The value of a JSON text; raises ValueError when it is none, is nested too deeply, or has too many values."""
    marks = (",", "[", "{") if isinstance(text, str) else (b",", b"[", b"{")
    if sum(map(text.count, marks)) > _MOST_VALUES:  # type: ignore[arg-type]
        raise ValueError(f"more than {_MOST_VALUES} values in one JSON text")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None


def encoding(data: bytes) -> str:
    """The name of the encoding of a text that begins so."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
