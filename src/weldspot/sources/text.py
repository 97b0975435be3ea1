"""Somebody else's text: read as its byte order mark says, else as UTF-8."""

import codecs
from collections.abc import Iterator
from typing import IO

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode(data: bytes) -> str:
    """The text without its mark; raises UnicodeDecodeError (a ValueError) when it is none."""
    return data.decode(_encoding(data))


def glance(data: bytes) -> str:
    """The beginning of a text, cut off anywhere, as far as it is one: enough to tell what it is."""
    return data.decode(_encoding(data), errors="replace")


def pieces(stream: IO[bytes], length: int = 1 << 20) -> Iterator[str]:
    """The same text in pieces of about `length` letters, as it is read; raises UnicodeDecodeError where it is none."""
    data = stream.read(length)
    decoder = codecs.getincrementaldecoder(_encoding(data))()
    while data:
        yield decoder.decode(data)
        data = stream.read(length)
    yield decoder.decode(b"", final=True)


def _encoding(data: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
