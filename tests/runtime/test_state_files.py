"""A damaged file is one line with its cure, whatever its reader raises."""

import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged


@pytest.mark.parametrize(
    "error", [ValueError("two\nlines"), KeyError("x"), RecursionError(), IsADirectoryError(21, "Is a directory")]
)
def test_whatever_a_reader_raises_is_one_line(error: Exception) -> None:
    with (
        pytest.raises(Damaged, match=r"^here: damaged \([^\n]+\); restore it$"),
        state_files.reading("here", "restore it"),
    ):
        raise error


def test_what_is_absent_and_what_is_told_already_stay_themselves() -> None:
    for error in (FileNotFoundError("x"), WeldspotError("said")):
        with pytest.raises(type(error)) as raised, state_files.reading("here", "restore it"):
            raise error
        assert raised.value is error


def test_it_crosses_from_a_worker_process() -> None:
    error = Damaged(Path("data/a"), "torn", "restore it")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.path) == ("data/a: damaged (torn); restore it", Path("data/a"))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": "b"}', "\ufeff{}", '{"a": NaN, "b": 1', "[" * 100_000])
def test_json_that_does_not_fit_names_the_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(Damaged, match=r"^\S+/file: damaged \([^\n]+\); restore it$"):
        state_files.read_json(tmp_path / "file", dict[str, int], "restore it")


def test_a_flipped_byte_of_a_checked_page_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"image": [b"x" * 9000]}), path, compression="none", use_dictionary=False, write_page_checksum=True
    )
    assert state_files.read_parquet(path, ["image"], "restore it")["image"].to_pylist() == [b"x" * 9000]
    data = bytearray(path.read_bytes())
    data[data.index(b"x" * 9000) + 500] ^= 1
    path.write_bytes(data)
    with pytest.raises(Damaged, match="CRC"):
        state_files.read_parquet(path, ["image"], "restore it")
    with pytest.raises(Damaged, match="without the column label"):
        state_files.parquet(path, ["label"], "restore it")


def test_a_folder_in_the_place_of_a_table_is_not_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        state_files.read_parquet(tmp_path, ["id"], "restore it")
