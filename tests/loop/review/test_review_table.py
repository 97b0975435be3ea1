"""Decisions in a table: what is written can be filled in and read again, and nothing in it is a formula."""

import csv
from pathlib import Path

import pytest
from batches import batch
from reviews import HOSTILE
from uploads import upload
from weld_classes import CLASSES, always

from weldspot.loop.review import table
from weldspot.loop.review.log import Log
from weldspot.loop.review.waiting import Correction, corrections
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

LIST = always("")


@pytest.fixture
def waiting(workspace: Workspace) -> dict[str, Correction]:
    batch(workspace, 1, 2, 3, via="network")
    return {one.key: one for one in corrections(workspace, CLASSES)}


def filled(tmp_path: Path, waiting: dict[str, Correction], **cells: dict[str, str]) -> Path:
    rows = list(csv.DictReader(table.text([(one, "", "", "") for one in waiting.values()]).splitlines()))
    number = {upload(k)[0]: k for k in (1, 2, 3)}
    rows = [row | cells.get(f"r{number[row['upload']]}", {}) for row in rows]
    path = tmp_path / "filled.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, table.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_was_written_is_filled_in_and_read(
    tmp_path: Path, workspace: Workspace, waiting: dict[str, Correction]
) -> None:
    path = filled(
        tmp_path, waiting, r1={"decision": "Accept"}, r2={"decision": "change", "labels": "Crack; porosity"},
        r3={"decision": "reject", "reason": "not a weld"},
    )  # fmt: skip
    found = {one.upload: one for one in table.decisions(path, waiting, Log(workspace), "rita", LIST)}
    first, second, third = (found[upload(k)[0]] for k in (1, 2, 3))
    assert (first.decision, first.after) == ("accept", first.before)
    assert (second.decision, second.after, second.uploader) == ("change", ["Crack", "Porosity"], "anna")
    assert (third.decision, third.after, third.reason) == ("reject", [], "not a weld")


def test_rows_without_a_decision_say_nothing(
    tmp_path: Path, workspace: Workspace, waiting: dict[str, Correction]
) -> None:
    assert table.decisions(filled(tmp_path, waiting), waiting, Log(workspace), "rita", LIST) == []


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"decision": "ok"}, "'ok' is no decision; write one of accept, change, reject, undo"),
        ({"decision": "reject"}, "a reason is asked for"),
        ({"decision": "change", "labels": "Rust"}, "'Rust' is none of"),
        ({"decision": "accept", "labels": "Crack; Porosity"}, "the labels were edited"),
        ({"decision": "accept", "upload": "feedback/anna/gone.jpg"}, "does not wait here"),
    ],
)
def test_what_can_not_be_meant_names_file_and_line(
    tmp_path: Path, workspace: Workspace, waiting: dict[str, Correction], cells: dict[str, str], reason: str
) -> None:
    path = filled(tmp_path, waiting, r1=cells)
    with pytest.raises(WeldspotError, match=rf"filled\.csv:\d: .*{reason}"):
        table.decisions(path, waiting, Log(workspace), "rita", LIST)


def test_a_file_that_is_no_table_is_one_line(tmp_path: Path, workspace: Workspace) -> None:
    for data in (b"\xff\xfe", b"upload,decision\n", b""):
        (tmp_path / "x.csv").write_bytes(data)
        with pytest.raises(WeldspotError, match=r"x\.csv: .*weldspot review --to"):
            table.decisions(tmp_path / "x.csv", {}, Log(workspace), "rita", LIST)
    with pytest.raises(WeldspotError, match="No such file"):
        table.decisions(tmp_path / "none.csv", {}, Log(workspace), "rita", LIST)


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_sender_writes_is_no_formula_and_no_second_line(workspace: Workspace, kind: str) -> None:
    batch(workspace, 1, via="network", note=HOSTILE[kind], device=HOSTILE[kind])
    (one,) = corrections(workspace, CLASSES)
    text = table.text([(one, "Crack 0.90", "0", "")])
    assert len(text.splitlines()) == 2
    row = next(csv.DictReader(text.splitlines()))
    for column in ("note", "device"):
        assert row[column].isprintable()
        assert not row[column].startswith(("=", "+", "-", "@"))
