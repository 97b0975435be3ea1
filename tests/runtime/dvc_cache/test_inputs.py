"""A flipped byte in DVC's cache, or in what it has checked out, with DVC itself at work, which copies or links."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

WORK = """
import shutil, sys
from pathlib import Path
from weldspot.runtime.dvc_cache import inputs
from weldspot.runtime.errors import WeldspotError
try:
    inputs.check_stage(Path(), "split", Path(".weldspot/damaged"))
except WeldspotError as error:
    sys.exit(error.line())
out = Path("artifacts/split")
out.mkdir(parents=True)
for name in ("artifacts/preprocess/a", "artifacts/preprocess/b", "data/feedback/c"):
    shutil.copy(name, out)
"""
GRAPH = {
    "preprocess": {
        "cmd": "mkdir -p artifacts/preprocess && cp here/a here/b artifacts/preprocess",
        "deps": ["here"],
        "outs": ["artifacts/preprocess"],
    },
    "split": {
        "cmd": f"{shlex.quote(sys.executable)} work.py",
        "deps": ["artifacts/preprocess", "data/feedback", "again"],
        "outs": ["artifacts/split"],
    },
}
TEXTS = {"here/a": "the first photograph", "here/b": "the second one", "data/feedback/c": "a welder's correction"}
PREPROCESSED, FEEDBACK = "artifacts/preprocess/a", "data/feedback/c"


ROOT = Path(__file__).resolve().parents[3]
CONFIG = """
[core]
    no_scm = True
    analytics = False
    remote = store
[cache]
    type = {}
['remote "store"']
    url = {}
"""


def dvc(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(project, "dvc", *arguments)


def python(project: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    environment = kept | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module", params=["copy", pytest.param("symlink", marks=pytest.mark.thorough)])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stages that have run, and data/ that is in the remote too; every test leaves it as whole as it was."""
    project = tmp_path_factory.mktemp("projects") / "weld spot"
    (project / ".dvc").mkdir(parents=True)
    (project / ".dvc/config").write_text(CONFIG.format(request.param, project.parent / "remote"))
    for name, text in TEXTS.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    (project / "again").write_text("0")
    (project / "work.py").write_text(WORK)
    (project / "dvc.yaml").write_text(yaml.safe_dump({"stages": GRAPH}))
    for command in (("add", "data"), ("push", "data.dvc"), ("repro",)):
        done = dvc(project, *command)
        assert done.returncode == 0, done.stderr
    return project


def flip(path: Path) -> None:
    """A bit rots: neither time nor size nor mode tell of it. It changes the file that a link leads to."""
    before = path.stat()
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    path.chmod(before.st_mode)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flip_data(project: Path) -> None:
    """The object, and what was made from it."""
    is_link = (project / FEEDBACK).samefile(in_cache(project, FEEDBACK))
    for path in [in_cache(project, FEEDBACK)] + ([] if is_link else [project / FEEDBACK]):
        flip(path)


def in_cache(project: Path, name: str) -> Path:
    """The object that a file came from."""
    if name.startswith("data"):
        oid = yaml.safe_load((project / "data.dvc").read_text())["outs"][0]["md5"]
    else:
        oid = yaml.safe_load((project / "dvc.lock").read_text())["stages"]["preprocess"]["outs"][0]["md5"]
    files = project / ".dvc/cache/files/md5"
    listing = {entry["relpath"]: entry["md5"] for entry in json.loads((files / oid[:2] / oid[2:]).read_text())}
    found = listing.get("/".join(Path(name).parts[2:]) or name) or listing[name.removeprefix("data/")]
    return files / found[:2] / found[2:]


def run_again(project: Path) -> subprocess.CompletedProcess[str]:
    """Split has something to do."""
    again = project / "again"
    again.write_text(again.read_text() + "1")
    return dvc(project, "repro")


def whole(project: Path) -> bool:
    made = {name: project / "artifacts" / stage / name for stage in ("preprocess", "split") for name in ("a", "b")}
    kept = {"c": project / "artifacts/split/c"}
    return all(path.read_text() in TEXTS.values() for path in (made | kept).values())


def test_an_output_whose_object_is_damaged_stops_the_stage_and_the_next_run_makes_it_anew(project: Path) -> None:
    damaged = in_cache(project, PREPROCESSED)
    flip(damaged)
    wrong = damaged.read_bytes()
    shutil.rmtree(project / "artifacts/preprocess")  # so that DVC takes it from its cache
    stopped = run_again(project)
    assert stopped.returncode
    (line,) = (line for line in stopped.stderr.splitlines() if "damaged" in line)
    assert line.startswith(f"{PREPROCESSED}: damaged: not what preprocess wrote")
    assert "`dvc repro` makes it anew" in line
    assert wrong in [path.read_bytes() for path in (project / ".weldspot/damaged").rglob("*") if path.is_file()]
    mended = dvc(project, "repro")
    assert mended.returncode == 0, mended.stderr
    assert whole(project)


def test_a_file_that_is_damaged_where_it_lies_is_noticed(project: Path) -> None:
    flip(project / PREPROCESSED)
    is_copy = not (project / PREPROCESSED).samefile(in_cache(project, PREPROCESSED))  # else the object is damaged too
    first = run_again(project)
    assert first.stderr.count("damaged:") == 1
    assert (first.returncode == 0) == is_copy
    assert dvc(project, "repro").returncode == 0
    assert whole(project)


def test_a_damaged_list_of_files_is_not_believed(project: Path) -> None:
    lock = (project / "dvc.lock").read_text()
    oid = yaml.safe_load(lock)["stages"]["preprocess"]["outs"][0]["md5"]
    listing = project / ".dvc/cache/files/md5" / oid[:2] / oid[2:]
    listing.chmod(0o644)
    listing.write_text(listing.read_text().replace('"relpath": "b"', '"relpath": "x"'))
    listing.chmod(0o444)
    shutil.rmtree(project / "artifacts/preprocess")
    done = python(project, "weldspot.runtime.dvc_repro")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("artifacts/preprocess: the list of its files was damaged in DVC's cache") == 1
    assert whole(project)
    assert (project / "dvc.lock").read_text() == lock


def test_what_was_gathered_is_fetched_again(project: Path) -> None:
    tracked = (project / "data.dvc").read_text()
    flip_data(project)
    done = run_again(project)
    assert done.returncode == 0, done.stderr
    assert "data/feedback/c: damaged" in done.stderr
    assert whole(project)
    assert (project / FEEDBACK).read_text() == TEXTS[FEEDBACK]
    assert (project / "data.dvc").read_text() == tracked


def test_what_exists_nowhere_else_stays_and_stops_the_graph_every_time(project: Path) -> None:
    tracked = (project / "data.dvc").read_text()
    remote = project.parent / "remote"
    remote.rename(project.parent / "elsewhere")
    flip_data(project)
    kept = (project / FEEDBACK).read_bytes()
    for _ in range(2):
        stopped = run_again(project)
        assert stopped.returncode
        assert "data/feedback/c: damaged here and in DVC's cache" in stopped.stderr
        assert (project / FEEDBACK).read_bytes() == kept
        assert in_cache(project, FEEDBACK).read_bytes() == kept
        assert (project / "data.dvc").read_text() == tracked
    (project.parent / "elsewhere").rename(remote)
    flip_data(project)
    assert run_again(project).returncode == 0
    assert whole(project)


def test_an_edit_is_not_damage(project: Path) -> None:
    (project / FEEDBACK).unlink()
    (project / FEEDBACK).write_text(TEXTS["here/a"])
    (project / "data/feedback/more").write_text("another correction")
    done = dvc(project, "repro", "--single-item", "split")  # without data.dvc, which DVC would bring up to date
    assert (done.returncode, "damaged" in done.stderr) == (0, False), done.stderr
    assert (project / "artifacts/split/c").read_text() == TEXTS["here/a"]


def test_a_stage_that_dvc_starts_looks_at_what_it_reads(tmp_path: Path) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"split": {"deps": ["artifacts/preprocess"]}}}))
    made = {"outs": [{"path": "artifacts/preprocess", "md5": f"{'0' * 32}.dir"}]}
    (tmp_path / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": {"preprocess": made}}))
    (tmp_path / "artifacts/preprocess").mkdir(parents=True)
    (tmp_path / PREPROCESSED).write_text("another photograph")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "DVC_STAGE": "split"}
    command = [Path(sys.executable).with_name("weldspot"), "run", "split"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1
    assert done.stderr == (
        "weldspot: error: artifacts/preprocess: damaged: not what preprocess wrote, nor is that in DVC's cache; "
        "set aside in .weldspot/damaged; `dvc repro` makes it anew\n"
    )
    assert (tmp_path / ".weldspot/damaged" / PREPROCESSED).read_text() == "another photograph"
