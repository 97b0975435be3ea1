"""What waits, as it was sent."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import batch
from uploads import upload
from weld_classes import CLASSES

from weldspot.loop.review.waiting import corrections, photograph
from weldspot.runtime.state_files import Damaged
from weldspot.workspace import Workspace


def test_each_with_its_photograph_and_what_its_sender_said(workspace: Workspace) -> None:
    batch(workspace, *range(70), via="network")
    found = corrections(workspace, CLASSES)
    assert len(found) == 70
    by_key = {one.key: one for one in found}
    for number in (0, 63, 64, 69):
        name, image, metadata = upload(number)
        one = by_key[name]
        assert photograph(one) == image
        assert (one.labels, one.offered, one.uploader, one.device) == (
            [metadata["labels"]],
            list(CLASSES),
            "anna",
            "test",
        )
    found[0].batch.unlink()
    with pytest.raises(FileNotFoundError):
        photograph(found[0])


def test_a_batch_made_by_hand_is_offered_the_project_s_classes(workspace: Workspace) -> None:
    path = workspace.inbox / "by hand.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"image": [b"x"], "labels": [["Crack"]]}), path)
    (one,) = corrections(workspace, CLASSES)
    assert (one.key, one.offered, one.scores, one.note) == ("by hand.parquet#0", list(CLASSES), [], "")
    path.write_bytes(b"damaged")
    with pytest.raises(Damaged):
        corrections(workspace, CLASSES)
