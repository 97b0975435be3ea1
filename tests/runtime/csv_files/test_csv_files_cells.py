"""What a spreadsheet or a terminal would obey stands there as text."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.runtime.csv_files import cells
from weldspot.runtime.csv_files.cells import cell, write

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+1+cmd|'/c calc'!A0", "'+1+cmd|'/c calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\\t=1"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("two\nlines", "two\\nlines"),
        ("weld 1.jpg", "weld 1.jpg"),
        ("Schweißnaht 溶接 🔥.jpg", "Schweißnaht 溶接 🔥.jpg"),
        ("-0.5", "-0.5"),
        ("+1e-3", "+1e-3"),
        ("", ""),
    ],
)
def test_cells(text: str, written: str) -> None:
    assert cell(text) == written


@given(st.lists(st.tuples(st.text(), st.text())))
def test_no_cell_of_a_file_is_a_formula_or_has_what_can_not_be_seen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    write(path, ("name", "reason"), rows)
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == ["name", "reason"]
    assert len(found) == len(rows) + 1
    for text in (text for row in found[1:] for text in row):
        assert not text.lstrip().startswith(("=", "@"))
        assert not any(ord(letter) < 32 for letter in text)


def test_names_that_are_no_unicode_are_written(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", ("name",), [("a\udce9.jpg",)])
    assert (tmp_path / "t.csv").read_text() == "name\na\\udce9.jpg\n"


def test_no_other_module_writes_a_table_with_text_in_it() -> None:
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if "csv.writer" in path.read_text()}
    assert found == {"weldspot/runtime/csv_files/cells.py"}


@given(st.text())
def test_no_letter_steers_a_spreadsheet_and_a_row_comes_back(said: str) -> None:
    shown = cells.cell(said)
    assert cells._NUMBER.fullmatch(shown) or not shown.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
    (row,) = csv.DictReader(io.StringIO(cells.text(("a", "b"), [(said, "next")]), newline=""))
    assert row == {"a": shown, "b": "next"}


@given(st.text(alphabet="=+-@ab 1", min_size=1))
def test_what_was_put_into_a_cell_comes_out_again(said: str) -> None:
    assert cells.uncelled(cells.cell(said)) == said
