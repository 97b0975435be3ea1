"""Photographs that were labelled without a word for a class count as not showing it, and are counted."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.images.ingestion.feedback_lists import unasked
from weldspot.labels import ClassList

CLASSES = ClassList(("None", "Hole", "Dent"), "None", aliases={"pore": "Hole"})


def test_photographs_by_class_that_their_list_lacks(tmp_path: Path) -> None:
    lists = [["None", "Pore"], ["None", "Pore"], ["None", "Hole", "Dent"], ["Dent"]]
    (tmp_path / "2026").mkdir()
    pq.write_table(pa.table({"labels": [["x"]] * 4, "classes": lists}), tmp_path / "2026/a.parquet")
    pq.write_table(pa.table({"labels": [["x"]]}), tmp_path / "older.parquet")
    assert dict(unasked(tmp_path, CLASSES)) == {"Dent": 2, "None": 1, "Hole": 1}
    assert dict(unasked(tmp_path / "none", CLASSES)) == {}
