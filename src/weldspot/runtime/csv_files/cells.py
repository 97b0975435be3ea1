"""CSV files that a person may open: text in them stays text, whoever chose it.

A spreadsheet takes a cell that begins with =, +, - or @ for a formula, which can send away what stands beside it
(OWASP, "CSV Injection"); a terminal obeys control characters, and marks of direction make names look like others.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = re.compile(
    r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]"
)  # also the full-width ones, which some spreadsheets take too
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def cell(said: str) -> str:
    """Text as it may stand in a cell: a formula behind an apostrophe, what can't be seen as its number."""
    shown = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], said)
    return f"'{shown}" if _FORMULA.match(said) and not _NUMBER.fullmatch(said) else shown


def uncelled(shown: str) -> str:
    """What was put into a cell, where nothing in it could not be seen."""
    inside = shown[1:]
    return inside if shown[:1] == "'" and _FORMULA.match(inside) and not _NUMBER.fullmatch(inside) else shown


def text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(one) for one in row] for row in rows)
    return buffer.getvalue()


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A file with a header; what is no Unicode is written as its bytes' numbers."""
    path.write_bytes(text(header, rows).encode("utf-8", errors="backslashreplace"))
