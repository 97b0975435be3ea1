"""Photographs are known again by their bytes, wherever in a file they stand, and by their ids in tables."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from uploads import jpeg

from weldspot.images.table import content_id
from weldspot.loop.revoking.traces import Traces

PHOTOGRAPHS = [jpeg(k) for k in range(5)]
TRACES = Traces.of(PHOTOGRAPHS[:3], map(content_id, PHOTOGRAPHS[:3]))


def test_no_copy_of_a_photograph_is_kept() -> None:
    text = TRACES.json_bytes()
    assert len(text) < sum(map(len, PHOTOGRAPHS[:3])) / 2
    assert not any(photograph[:64].hex().encode() in text for photograph in PHOTOGRAPHS)


def test_found_anywhere_in_a_file_but_only_whole(tmp_path: Path) -> None:
    path = tmp_path / "some file"
    for k, photograph in enumerate(PHOTOGRAPHS):
        path.write_bytes(b"\xff\xd8\xff before" + photograph + b"after")
        assert TRACES.within(path) == (k < 3)
        path.write_bytes(b"before" + photograph[:-1])
        assert not TRACES.within(path), "it was cut off before its end"
    path.write_bytes(b"")
    assert not TRACES.within(path)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000), st.binary(max_size=2000), st.integers(0, 2))
def test_whatever_stands_around_it(tmp_path_factory, before: bytes, after: bytes, which: int) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("file") / "file"
    path.write_bytes(before + PHOTOGRAPHS[which] + after)
    assert TRACES.within(path)
    path.write_bytes(before + after)
    assert not TRACES.within(path)


def test_a_scaled_one_in_a_table_is_known_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "object"
    pq.write_table(pa.table({"id": [content_id(PHOTOGRAPHS[0])], "image": [b"smaller"]}), path)
    assert TRACES.within(path)
    pq.write_table(pa.table({"id": [content_id(PHOTOGRAPHS[4])], "image": [b"smaller"]}), path)
    assert not TRACES.within(path)
    pq.write_table(pa.table({"id": [content_id(PHOTOGRAPHS[0])], "split": ["train"]}), path)
    assert not TRACES.within(path), "no picture"
    path.write_bytes(path.read_bytes()[:-20])
    assert not TRACES.within(path)


def test_without_bytes_only_ids_are_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(PHOTOGRAPHS[0])
    assert not Traces.of([], []).within(path)
    assert not Traces.of([b""], ["ab" * 32]).within(path)
