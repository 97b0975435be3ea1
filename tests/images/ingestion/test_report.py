"""What is told of an ingest: counts that agree with the rows, and tables that spreadsheets open."""

import csv
import json
from dataclasses import replace
from pathlib import Path

from weld_classes import CLASSES, WELD

from weldspot.images.ingestion.merge import Found, merge
from weldspot.images.ingestion.report import Report
from weldspot.sources.record import PassedOver, Rejected

PLACE = Found("ab", "b.jpg", "export", ("Crack",), (), (9, 9), "000000", 0, 3)
TWIN = replace(PLACE, name="c.jpg", labels=("Background",))
CROP = replace(PLACE, id="cd", source="crop", labels=("Background",), parent="ab", region=(0, 0, 3, 3))


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_counts_and_tables(tmp_path: Path) -> None:
    rejected = [Rejected('odd, "name"\udce9.jpg', "zero bytes")]
    passed_over = [PassedOver("README.txt", "no part of it")]
    rows = [merge([PLACE, TWIN], WELD), merge([CROP], WELD)]
    converted, dropped = [("b.jpg", "PNG (RGB)")], [("b.jpg", "rust")]
    Report(CLASSES, "voc", rejected, passed_over, converted, dropped, rows, 1, "1 crop").write(tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text()) == {
        "layout": "voc",
        "images": 2,
        "groups": 1,
        "classes": dict.fromkeys(CLASSES, 0) | {"Crack": 1, "Background": 1},
        "sources": {"crop": 1, "export": 1},
        "merged": 1,
        "conflicts": 1,
        "background_crops": "1 crop",
        "quarantined": 1,
        "passed_over": 1,
        "dropped_classes": {"rust": 1},
        "converted": {"PNG (RGB)": 1},
    }
    assert lines(tmp_path / "quarantine.csv") == [["name", "reason"], ['odd, "name"\\udce9.jpg', "zero bytes"]]
    assert lines(tmp_path / "passed_over.csv") == [["name", "reason"], ["README.txt", "no part of it"]]
    assert lines(tmp_path / "dropped.csv") == [["name", "class"], ["b.jpg", "rust"]]
    assert lines(tmp_path / "converted.csv") == [["name", "note"], ["b.jpg", "PNG (RGB)"]]
    assert lines(tmp_path / "conflicts.csv")[1:] == [
        ["ab", "Crack", "b.jpg", "Crack"],
        ["ab", "Crack", "c.jpg", "Background"],
    ]


def test_a_name_that_a_spreadsheet_would_obey_is_text(tmp_path: Path) -> None:
    rejected = [Rejected("=cmd|' /C calc'!A0", "@zero bytes"), Rejected("\x1b[2Ja.jpg", "cut short")]
    Report(CLASSES, "voc", rejected, [], [("+1.jpg", "note")], [("-1.jpg", "=rust")], [], 0, "none").write(tmp_path)
    assert lines(tmp_path / "quarantine.csv")[1:] == [
        ["'=cmd|' /C calc'!A0", "'@zero bytes"],
        ["\\x1b[2Ja.jpg", "cut short"],
    ]
    assert lines(tmp_path / "converted.csv")[1] == ["'+1.jpg", "note"]
    assert lines(tmp_path / "dropped.csv")[1] == ["'-1.jpg", "'=rust"]
