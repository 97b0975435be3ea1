"""Who sent what, and which way: older batches and those made by hand count as sent by others."""

import pyarrow as pa
import pyarrow.parquet as pq
from batches import batch
from uploads import upload

from weldspot.loop.feedback import senders
from weldspot.workspace import Workspace


def test_who_and_which_way(workspace: Workspace) -> None:
    own, others = batch(workspace, 1), batch(workspace, 2, 3, via="network")
    assert senders.of_batch(own) == [(upload(1)[0], "anna", "loopback")]
    assert senders.counts_as([own, others]) == ["", "anna", "anna"]
    assert [one.counts_as for one in senders.of_batch(others)] == ["anna", "anna"]


def test_what_a_batch_does_not_say_came_from_somebody(workspace: Workspace) -> None:
    older = batch(workspace, 1)
    pq.write_table(pq.read_table(older).drop_columns(["via"]), older)
    by_hand = workspace.inbox / "by hand.parquet"
    pq.write_table(pa.table({"image": [b"", b""], "labels": [["Crack"], ["Crack"]]}), by_hand)
    assert senders.of_batch(by_hand)[1] == ("by hand.parquet#1", "", "network")
    assert senders.counts_as([older, by_hand]) == ["anna", "somebody", "somebody"]
