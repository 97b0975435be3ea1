"""CSV files that a person may open: text in them stays text, whoever chose it.

A spreadsheet takes a cell that begins with =, +, - or @ for a formula, which can send away what stands beside it
(OWASP, "CSV Injection"); a terminal obeys control characters, and marks of direction make names look like others.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = re.compile(
    r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]"
)  # also the full-width ones, which some spreadsheets take too
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def cell(text: str) -> str:
    """Text as it may stand in a cell: a formula behind an apostrophe, what can't be seen as its number."""
    shown = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
    return f"'{shown}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else shown


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A file with a header; what is no Unicode is written as its bytes' numbers."""
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([cell(text) for text in row] for row in rows)
