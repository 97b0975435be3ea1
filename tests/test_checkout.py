"""A checkout has the bytes that were committed, and a newcomer is told whose numbers lie in it."""

import hashlib
import re
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


def test_make_repro_says_once_whose_results_the_tree_holds(tmp_path: Path) -> None:
    """Training differs in the last digits between processors: after the first `make repro` the tree is changed."""
    recipe = (ROOT / "Makefile").read_text().partition("\nrepro:")[2].partition("\n\n")[0]
    (line,) = re.findall(r"^\t@(test .*git status.*)$", recipe, re.MULTILINE)
    line = line.replace("$$", "$")

    def told() -> str:
        return subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert told() == "", "without git there is nothing to tell"
    (tmp_path / "reports").mkdir()
    for name in ("dvc.lock", "reports/metrics.json"):
        (tmp_path / name).write_text("of the machine that committed it")
    identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    assert told() == ""
    (tmp_path / "dvc.lock").write_text("of this one")
    (said,) = told().splitlines()
    section = re.findall(r"README: ([\w ]+)", said)[0]
    readme = (ROOT / "README.md").read_text().partition(f"## {section}\n")[2].partition("\n## ")[0]
    assert "`main` of `dvc exp show`" in " ".join(readme.split())


def test_the_readme_says_before_the_first_experiment_what_has_to_run_before() -> None:
    """DVC has no words of its own: `dvc exp run fetch` fails on a fresh clone because its plots are not there."""
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert (
        "On a fresh clone run `make repro` first: an experiment of a single stage (`dvc exp run fetch`) fails" in readme
    )
