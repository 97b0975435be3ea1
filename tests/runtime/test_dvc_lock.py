"""What dvc.lock says of the stages, and what a manifest may say of dvc.lock."""

from pathlib import Path

import pytest
import yaml

from weldspot.runtime.dvc_lock import STAGES, lock_hash, stage_hashes
from weldspot.runtime.errors import WeldspotError


def write(folder: Path, **stages: str) -> None:
    outs = {name: {"outs": [{"path": f"artifacts/{name}", "md5": md5}]} for name, md5 in stages.items()}
    (folder / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))


def test_the_outputs_of_all_stages_or_of_those_before_one(tmp_path: Path) -> None:
    write(tmp_path, fetch="0a", train="0b", export="0c")
    assert stage_hashes(tmp_path) == {"artifacts/fetch": "0a", "artifacts/train": "0b", "artifacts/export": "0c"}
    assert stage_hashes(tmp_path, before="train") == {"artifacts/fetch": "0a"}
    assert STAGES[0] == "fetch"


def test_the_hash_is_the_same_before_and_after_export_is_written_down(tmp_path: Path) -> None:
    write(tmp_path, train="0a")
    before = lock_hash(tmp_path)
    write(tmp_path, train="0a", export="0b")
    assert lock_hash(tmp_path) == before
    write(tmp_path, train="0c", export="0b")
    assert lock_hash(tmp_path) != before


def test_without_one_there_is_none(tmp_path: Path) -> None:
    assert lock_hash(tmp_path) == "none"
    assert stage_hashes(tmp_path) == {}


def test_a_merge_left_in_it_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "dvc.lock").write_text("stages: {\n<<<<<<< ours\n")
    with pytest.raises(WeldspotError, match=r"dvc\.lock: damaged \([^\n]*\); a merge"):
        lock_hash(tmp_path)
