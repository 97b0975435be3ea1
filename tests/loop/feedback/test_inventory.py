"""How much is where: counted by the uploads' names, whatever is damaged."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import NOON, batch
from uploads import upload

from weldspot.config.parameters import load
from weldspot.loop.feedback import collect, inbox
from weldspot.loop.feedback.inventory import Inventory, inventory
from weldspot.loop.feedback.spool import Spool, put
from weldspot.workspace import Workspace


def test_an_empty_project_has_nothing(workspace: Workspace) -> None:
    assert inventory(workspace) == Inventory(0, 0, 0, 0, 0, 0, None, ())


def test_everything_is_counted_where_it_got_to(workspace: Workspace) -> None:
    for number in range(10):
        put(workspace.spool, *upload(number))  # all stay here: `loop.collect.after: keep`
    admitted = batch(workspace, 0, 1, 2, when=NOON - timedelta(days=1))
    workspace.feedback.mkdir()
    admitted.rename(workspace.feedback / admitted.name)
    judged = batch(workspace, 3, 4)
    inbox.record(workspace, [judged], inbox.Judged(outcome="no-drift", model="", at=""))
    batch(workspace, 5, when=NOON + timedelta(hours=1))
    found = inventory(workspace)
    assert (found.received, found.waiting, found.unjudged, found.admitted) == (4, 3, 1, 3)
    assert (found.admitted_batches, found.quarantined, found.damaged) == (1, 0, ())
    assert found.collected == datetime(2026, 5, 1, 13, tzinfo=UTC)


def test_an_upload_that_was_quarantined_is_counted_once(workspace: Workspace) -> None:
    put(workspace.spool, *upload(1))
    put(workspace.spool, *upload(2, labels="Rost"))
    params = load(workspace.params)
    collect.drain(workspace, Spool(workspace.spool), params)
    put(workspace.spool, *upload(3))
    found = inventory(workspace)
    assert (found.received, found.waiting, found.quarantined) == (1, 1, 1)


def test_of_two_welders_with_one_id_both_count(workspace: Workspace) -> None:
    name, image, metadata = upload(1)
    put(workspace.spool, name.replace("anna", "bert"), image, metadata)
    batch(workspace, 1)
    assert (inventory(workspace).received, inventory(workspace).waiting) == (1, 1)


def test_what_is_damaged_is_named_and_the_rest_is_counted(workspace: Workspace) -> None:
    put(workspace.spool, *upload(1))
    batch(workspace, 1, 2)
    torn = batch(workspace, 3, when=NOON + timedelta(days=3))
    torn.write_bytes(b"not parquet")
    workspace.judged.write_text("{")
    workspace.quarantine.mkdir()
    entry = workspace.quarantine / "0123456789abcdef.json"
    entry.write_text("[]")
    found = inventory(workspace)
    assert (found.received, found.waiting, found.unjudged, found.quarantined) == (0, 2, 2, 1)
    assert {one.path for one in found.damaged} == {torn, workspace.judged, entry}
    assert found.collected == NOON + timedelta(days=3)


def test_a_batch_that_the_gate_moves_meanwhile_is_counted_once(workspace: Workspace) -> None:
    moved = batch(workspace, 1, 2)
    workspace.feedback.mkdir()
    (workspace.feedback / moved.name).write_bytes(moved.read_bytes())  # as seen by who lists one folder, then the other
    found = inventory(workspace)
    assert (found.waiting, found.admitted, found.damaged) == (0, 2, ())


def test_it_reads_no_picture(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace.spool, *upload(9))
    batch(workspace, 1, 2)
    read: list[list[str]] = []

    class Watched(pq.ParquetFile):
        def read(self, columns: list[str]) -> pa.Table:
            read.append(columns)
            return super().read(columns=columns)

    monkeypatch.setattr(pq, "ParquetFile", Watched)
    assert (inventory(workspace).received, inventory(workspace).waiting) == (1, 2)
    assert read == [["origin"]] * 2
