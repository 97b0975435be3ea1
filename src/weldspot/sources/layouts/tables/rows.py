"""The rows of a CSV, JSON lines or Parquet file: its header first, then a mapping of column to value for each."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.sources.archive import MAX_MEMBER_BYTES, Archive, BadMember
from weldspot.sources.layouts.lines import lines
from weldspot.sources.text import decode, json_value

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_SEPARATORS = ",;\t|"
_HEAD = 1 << 16
_BATCH = 4096
# the last two are of a Parquet's dates, durations and time zones
_ERRORS = (
    BadMember, ValueError, csv.Error, pa.ArrowException, OSError, RecursionError, OverflowError, LookupError,
)  # fmt: skip

Row = Mapping[str | None, object]  # None is there where a row has more or fewer cells than the header


class BadTable(Exception):
    """Why a table can't be read."""


def header(archive: Archive, name: str) -> Sequence[str]:
    """The names of the columns, none where they can't be told."""
    try:
        if name.lower().endswith(".parquet"):
            return list(_parquet(archive, name).schema_arrow.names)
        text = _first_lines(archive.head(name, _HEAD))
        if name.lower().endswith((".jsonl", ".ndjson")):
            first = json_value(text.strip().split("\n", 1)[0])
            return list(first) if isinstance(first, dict) else []
        return [cell.strip() for cell in next(csv.reader(StringIO(text, newline=""), delimiter=_separator(text)), [])]
    except (BadTable, ValueError, csv.Error, RecursionError):
        return []


def rows(archive: Archive, name: str, wanted: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Each row with the number of its line, as far as the `wanted` columns go.

    Raises:
        BadTable: it can't be read to its end.
    """
    try:
        if name.lower().endswith(".parquet"):
            yield from _parquet_rows(archive, name, wanted)
            return
        found = lines(archive, name)
        yield from _json_rows(found) if name.lower().endswith((".jsonl", ".ndjson")) else _csv_rows(found)
    except _ERRORS as error:
        raise BadTable(f"{name}: can't be read ({' '.join(str(error).split())[:160]}); mend it") from error


def schema(archive: Archive, name: str) -> bytes:
    """What Hugging Face says of the columns of a Parquet file, as JSON; b"" without it."""
    try:
        metadata = _parquet(archive, name).schema_arrow.metadata or {}
    except BadTable:
        return b""
    return bytes(metadata.get(b"huggingface", b""))


def _first_lines(data: bytes) -> str:
    for cut in range(4):  # in the middle of a letter, perhaps
        try:
            return decode(data[: len(data) - cut])
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")  # enough to know the columns; all of it is then refused


def _separator(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _csv_rows(text: Iterator[str]) -> Iterator[tuple[int, Row]]:
    first = next(text, "")
    table = csv.reader(chain([first], text), delimiter=_separator(first), skipinitialspace=True)
    names = [cell.strip() for cell in next(table, [])]
    for line in table:
        if any(cell.strip() for cell in line):
            cells = [cell.strip() for cell in line]
            row: dict[str | None, object] = dict(zip(names, cells, strict=False))
            yield table.line_num, row if len(cells) == len(names) else {**row, None: len(cells)}


def _json_rows(text: Iterator[str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text, 1):
        if line.strip():
            row = json_value(line)
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is no object")
            yield number, row


def _parquet(archive: Archive, name: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(BytesIO(archive.read(name)))
    except (BadMember, pa.ArrowException, OSError, ValueError) as error:
        raise BadTable(f"{name}: can't be read ({' '.join(str(error).split())[:160]}); mend it") from error


def _parquet_rows(archive: Archive, name: str, wanted: Sequence[str]) -> Iterator[tuple[int, Row]]:
    file = _parquet(archive, name)
    if file.metadata.num_rows > archive.most_said:
        raise ValueError(f"{file.metadata.num_rows} rows, more than {archive.most_said} for an export of so few files")
    if (size := _unpacked(file, wanted)) > MAX_MEMBER_BYTES:
        raise ValueError(f"its columns unpack to {size} bytes, more than {MAX_MEMBER_BYTES}")
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=list(wanted)):
        for row in batch.to_pylist():
            number += 1
            yield number, {**row}


def _unpacked(file: pq.ParquetFile, wanted: Sequence[str]) -> int:
    """Bytes of some columns, as the file says."""
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    columns = (group.column(number) for group in groups for number in range(group.num_columns))
    return sum(one.total_uncompressed_size for one in columns if one.path_in_schema.partition(".")[0] in wanted)
