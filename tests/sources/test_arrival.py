"""The order in which feedback came does not hang on what batches are called."""

from pathlib import Path

import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.arrival import NAME, Arrival, order


@pytest.fixture
def feedback(tmp_path: Path) -> Path:
    for name in ("1.parquet", "2.parquet", "3.parquet"):
        (tmp_path / name).touch()
    return tmp_path


def test_without_a_record_it_is_the_order_of_names(feedback: Path) -> None:
    assert order(feedback) == ["1.parquet", "2.parquet", "3.parquet"]


def test_what_is_recorded_comes_first_as_it_came(feedback: Path) -> None:
    (feedback / NAME).write_bytes(Arrival(batches=["3.parquet", "1.parquet"]).json_bytes())
    assert order(feedback) == ["3.parquet", "1.parquet", "2.parquet"]


def test_a_batch_that_was_revoked_leaves_the_others_in_their_places(feedback: Path) -> None:
    (feedback / NAME).write_bytes(Arrival(batches=["3.parquet", "gone.parquet", "1.parquet"]).json_bytes())
    assert order(feedback).index("1.parquet") == 2


def test_nothing_has_come(tmp_path: Path) -> None:
    assert order(tmp_path / "feedback") == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b'{"batches": [1]}'])
def test_a_damaged_record_is_one_line_and_never_another_order(feedback: Path, damage: bytes) -> None:
    (feedback / NAME).write_bytes(damage)
    with pytest.raises(WeldspotError, match=r"dvc checkout data\.dvc") as caught:
        order(feedback)
    assert "\n" not in str(caught.value)
