"""Pictures where they lie in shards: the very bytes, and no silent mistake when a shard is another than was read."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images import table
from weldspot.images.stored import Slices, Stored
from weldspot.runtime.errors import WeldspotError

SCHEMA = pa.schema([("id", pa.string()), ("image", pa.binary()), ("labels", pa.list_(pa.string()))])


def shard(path: Path, images: list[bytes]) -> Path:
    rows = [{"id": f"{k}", "image": image, "labels": ["Crack"] * (k % 3)} for k, image in enumerate(images)]
    table.write_shard(path, rows, SCHEMA)
    return path


def stored(path: Path, n: int) -> Stored:
    slices = Slices(n)
    slices.add(path, np.arange(n), np.arange(n))
    return slices.stored()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=40) | st.just(b"\0\0\0\0"), min_size=1, max_size=150), st.integers(0, 9))
def test_every_image_is_found_whatever_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, images: list[bytes], seed: int
) -> None:
    path = shard(tmp_path_factory.mktemp("shards") / "images-00000.parquet", images)
    rows = np.flatnonzero(np.random.default_rng(seed).random(len(images)) < 0.5)
    slices = Slices(len(rows))
    slices.add(path, rows, np.arange(len(rows))[::-1])
    found = slices.stored()
    assert [found[k] for k in range(len(found))] == [images[row] for row in reversed(rows)]
    taken = found.take(np.arange(0, len(rows), 2))
    assert [taken[k] for k in range(len(taken))] == [images[row] for row in reversed(rows)][::2]


def test_images_of_many_pages_and_row_groups(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = [rng.bytes(int(size)) for size in rng.integers(1, 90_000, 150)]
    path = shard(tmp_path / "images-00000.parquet", images)
    assert pq.ParquetFile(path).num_row_groups == 3  # of two megabytes each, where a page has one
    found = stored(path, len(images))
    assert [found[k] for k in range(len(found))] == images


def test_what_has_no_shard_is_counted(tmp_path: Path) -> None:
    slices = Slices(3)
    slices.add(shard(tmp_path / "a.parquet", [b"one", b"two"]), np.array([1]), np.array([2]))
    assert slices.missing() == 2


def test_a_damaged_shard_is_one_line(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = [rng.bytes(9000) for _ in range(3)]
    path = shard(tmp_path / "a.parquet", images)
    data = bytearray(path.read_bytes())
    data[data.index(images[1]) + 4000] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeldspotError, match=r"a.parquet: damaged \(.*; `dvc repro` makes it anew"):
        stored(path, 3)


def test_compressed_images_are_refused(tmp_path: Path) -> None:
    images = pa.table({"image": pa.array([b"picture" * 100] * 3, pa.binary())})
    pq.write_table(images, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    with pytest.raises(WeldspotError, match="not stored uncompressed"):
        stored(tmp_path / "a.parquet", 3)


@pytest.mark.parametrize("other", [[b"other"] * 3, None])
def test_a_shard_that_is_another_now_is_no_picture(tmp_path: Path, other: list[bytes] | None) -> None:
    path = shard(tmp_path / "a.parquet", [b"one", b"two", b"six"])
    opened, unopened = stored(path, 3), stored(path, 3)
    assert opened[1] == b"two"
    path.unlink()
    if other is not None:
        shard(path, other)
    with pytest.raises(WeldspotError, match=r"a.parquet: damaged \((changed|gone) while it was read\)"):
        unopened[1]
    assert opened[2] == b"six", "what is open stays what it was"


def test_files_are_closed_when_nobody_reads_them_any_more(tmp_path: Path) -> None:
    found = stored(shard(tmp_path / "a.parquet", [b"one"]), 1)
    before = os.listdir("/proc/self/fd")
    assert found.take(np.array([0]))[0] == b"one"
    assert len(os.listdir("/proc/self/fd")) == len(before) + 1
    del found
    assert os.listdir("/proc/self/fd") == before
