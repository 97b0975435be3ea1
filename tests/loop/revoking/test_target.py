"""What a name means, and what of it belongs to a target."""

from pathlib import Path

import pyarrow as pa
import pytest

from weldspot.images.table import content_id
from weldspot.loop.revoking.target import Target, meant, possible
from weldspot.runtime.errors import WeldspotError

TABLE = pa.table(
    {
        "image": [b"one", b"two", b"three"],
        "id": ["1", "2", "eve"],
        "uploader": ["eve", "mallory", "mallory"],
        "origin": ["feedback/eve/1.jpg", "feedback/mallory/2.jpg", "feedback/mallory/eve.jpg"],
    }
)


@pytest.mark.parametrize(
    ("kind", "name", "rows"),
    [
        ("batch", "b.parquet", [True, True, True]),
        ("batch", "c.parquet", [False, False, False]),
        ("uploader", "eve", [True, False, False]),
        ("upload", "eve", [False, False, True]),
        ("upload", "feedback/mallory/2.jpg", [False, True, False]),
        ("photograph", content_id(b"three"), [False, False, True]),
    ],
)
def test_rows_of_a_batch(kind: str, name: str, rows: list[bool]) -> None:
    target = Target.model_validate({"kind": kind, "name": name})
    assert target.rows(Path("b.parquet"), TABLE).tolist() == rows
    by_hand = TABLE.select(["image"])  # a batch that somebody made
    assert target.rows(Path("b.parquet"), by_hand).tolist() == (
        rows if kind in ("batch", "photograph") else [False] * 3
    )


def test_names_of_uploads() -> None:
    assert Target(kind="uploader", name="eve").means("feedback/eve/1.jpg")
    assert not Target(kind="uploader", name="eve").means("feedback/mallory/eve.jpg")
    assert Target(kind="upload", name="eve").means("feedback/mallory/eve.jpg")
    assert not Target(kind="batch", name="eve.parquet").means("feedback/eve/1.jpg")


def test_a_name_that_is_several_things_is_told_apart_by_its_form() -> None:
    """Whoever sends may call himself as somebody else's upload is called."""
    there = [Target(kind="uploader", name="x"), Target(kind="upload", name="x")]
    with pytest.raises(WeldspotError, match=r"^revoke x: that is the uploader x and the upload x; say x\.parquet for"):
        meant("x", there)
    assert possible("feedback/x/") == there[:1]
    assert possible("data/feedback/x.parquet") == [Target(kind="batch", name="x.parquet")]
    assert possible("feedback/y/x.jpg") == [Target(kind="upload", name="feedback/y/x.jpg")]
    assert [one.kind for one in possible("ab" * 32)] == ["batch", "uploader", "upload", "photograph"]
    assert meant("x", there[1:]) == there[1]
    with pytest.raises(WeldspotError, match="revoke x: no batch, uploader, upload or photograph"):
        meant("x", [])
