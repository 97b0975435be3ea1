"""Rows of CSV, JSON lines and Parquet, with what is wrong with a file in one line."""

import io

import exports
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.tables import rows


def archive(tmp_path, name: str, data: bytes) -> Archive:
    (tmp_path / "in.zip").write_bytes(exports.zipped({name: data}))
    return Archive(tmp_path / "in.zip")


def parquet(**columns: object) -> bytes:
    stream = io.BytesIO()
    given = {"path": ["a", "b"], "label": ["c", None], "image": [b"x" * 999, b"y"]} | columns
    pq.write_table(pa.table(given), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"path,label,image\na,c,x\n\n b , ,y\n"), ("a.tsv", b"path\tlabel\timage\r\na\tc\tx\r\nb\t\ty"),
        ("a.csv", "path;label;image\na;c;x\nb;;y".encode("utf-16")), ("A.PARQUET", parquet()),
        ("a.jsonl", b'{"path": "a", "label": "c", "image": 1}\n\n{"path": "b", "label": ""}\n'),
    ],
)  # fmt: skip
def test_the_header_and_the_rows(tmp_path, name, data):
    with archive(tmp_path, name, data) as of:
        assert list(rows.header(of, name)) == ["path", "label", "image"]
        found = [row for _, row in rows.rows(of, name, ["path", "label"])]
    assert [(row["path"], row["label"] or "") for row in found] == [("a", "c"), ("b", "")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"path,label\na,\xe9"),
        ("a.jsonl", b'{"path": 1}\n[]'),
        ("a.jsonl", b"{}\n{"),
        ("a.parquet", parquet()[:-9]),
        ("a.parquet", parquet(label=pa.array([2**62, 1], pa.duration("s")))),
        ("a.parquet", parquet(label=pa.array([2**31 - 1, 1], pa.date32()))),
    ],
)
def test_a_file_that_can_not_be_read_to_its_end_is_named(tmp_path, name, data):
    with archive(tmp_path, name, data) as of, pytest.raises(rows.BadTable, match=f"{name}: can't be read"):
        list(rows.rows(of, name, ["path", "label"]))


@pytest.mark.parametrize("data", [b"", b"\0\0", b"[" * 9999, b"PAR1PAR1", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_what_has_no_header_has_no_columns_that_anybody_knows(tmp_path, name, data):
    with archive(tmp_path, name, data) as of:
        assert "path" not in rows.header(of, name)


def test_a_row_of_another_length_is_marked(tmp_path):
    with archive(tmp_path, "a.csv", b"path,label\na,b,c\nd\ne,f") as of:
        assert [None in row for _, row in rows.rows(of, "a.csv", [])] == [True, True, False]
