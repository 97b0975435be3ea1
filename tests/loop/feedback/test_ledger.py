"""Lines that are added and never changed, and what they keep out."""

import pytest

from weldspot.loop.feedback import ledger
from weldspot.loop.feedback.ledger import Revocation
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

ENTRY = Revocation(
    name="a.parquet", why="stickers", by="anna@shop", at="2026-05-01T12:00:00+00:00", erased=False, uploader="",
    uploads=["feedback/mallory/1.jpg"], photographs=["ab" * 32],
)  # fmt: skip
UPLOADER = ENTRY.model_copy(
    update={"name": "eve", "uploader": "eve", "erased": True, "uploads": [], "photographs": ["cd" * 32]}
)


def test_lines_are_added_once_and_those_before_stay(workspace: Workspace) -> None:
    assert ledger.read(workspace).entries == ()
    for entry in (ENTRY, UPLOADER, ENTRY, UPLOADER):
        ledger.append(workspace, entry)
    lines = workspace.revoked.read_text().splitlines()
    assert len(lines) == 2
    assert ledger.read(workspace).entries == (ENTRY, UPLOADER)


def test_what_it_keeps_out(workspace: Workspace) -> None:
    for entry in (ENTRY, UPLOADER):
        ledger.append(workspace, entry)
    found = ledger.read(workspace)
    assert found.covers("feedback/mallory/1.jpg")
    assert not found.covers("feedback/mallory/2.jpg")
    assert found.covers("feedback/eve/whatever comes.jpg")
    assert not found.deletes("feedback/mallory/1.jpg")
    assert found.deletes("feedback/eve/2.jpg")
    assert (found.erased("cd" * 32), found.erased("ab" * 32)) == (True, False)
    assert found.photographs() == {"ab" * 32, "cd" * 32}


def test_a_damaged_line_is_named(workspace: Workspace) -> None:
    ledger.append(workspace, ENTRY)
    with workspace.revoked.open("a") as stream:
        stream.write('{"name": 5}\n')
    with pytest.raises(WeldspotError, match=r"revoked\.jsonl, line 2: damaged \([^\n]+\); restore it: `dvc checkout"):
        ledger.read(workspace)
