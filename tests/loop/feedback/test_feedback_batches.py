"""Batches are named after what is in them, and know it."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import NOON, batch
from uploads import upload

from weldspot.loop.feedback import feedback_batches, quarantine
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_a_batch_is_named_after_its_time_and_its_uploads(workspace: Workspace) -> None:
    path = batch(workspace, 1, 2)
    assert path.parent == workspace.inbox
    assert feedback_batches.collected_at(path) == NOON
    assert batch(workspace, 2, 1).name == path.name
    assert batch(workspace, 1, 3).name != path.name


def test_a_row_has_the_columns_of_the_schema(workspace: Workspace) -> None:
    rows = pq.read_table(batch(workspace, 1))
    assert rows.schema.equals(feedback_batches.SCHEMA)
    (row,) = rows.to_pylist()
    name, image, metadata = upload(1)
    assert (row["origin"], row["image"], row["labels"]) == (name, image, [metadata["labels"]])
    assert row["taken"] == datetime(2026, 5, 2, 10, tzinfo=UTC)


def test_known_is_what_waits_what_was_admitted_and_what_is_in_quarantine(workspace: Workspace) -> None:
    batch(workspace, 1)
    workspace.feedback.mkdir(parents=True)
    admitted = batch(workspace, 2)
    admitted.rename(workspace.feedback / admitted.name)
    quarantine.keep(workspace, "feedback/x/y.jpg", b"", {}, "no labels")
    assert feedback_batches.known(workspace) == {upload(1)[0], upload(2)[0], "feedback/x/y.jpg"}


def test_a_batch_made_by_hand_may_lack_the_names(workspace: Workspace) -> None:
    path = workspace.feedback / "by hand.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"image": [b""], "labels": [["Crack"]]}), path)
    assert feedback_batches.known(workspace) == set()
    assert feedback_batches.collected_at(path) is None


def test_a_damaged_batch_is_one_line_that_says_what_to_do(workspace: Workspace) -> None:
    Path(batch(workspace, 1)).write_bytes(b"not parquet")
    with pytest.raises(WeldspotError, match=r"damaged \(.*dvc checkout data\.dvc"):
        feedback_batches.known(workspace)
