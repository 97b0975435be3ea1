"""A checkout has the bytes that were committed, whatever a user's git is told about line ends."""

import hashlib
import subprocess
from pathlib import Path

from small_project import ROOT


def test_with_autocrlf_scripts_run_and_objects_keep_their_hash(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "-c", "core.autocrlf=true", "clone", "-q", "-c", "core.autocrlf=true", str(ROOT), str(clone)]
    subprocess.run(command, check=True)
    for path in (clone / "Makefile", clone / "dvc.lock", *clone.glob("scripts/*"), *clone.glob("src/weldspot/*.py")):
        assert b"\r" not in path.read_bytes(), path
    objects = [path for path in (clone / "remote/files/md5").rglob("*") if path.is_file()]
    assert objects
    for path in objects:
        name = path.parent.name + path.name.removesuffix(".dir")
        assert hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() == name
