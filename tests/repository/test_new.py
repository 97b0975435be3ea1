"""`weldspot new`: whole or not at all, ours but for what was asked, and it runs."""

import os
import subprocess
from pathlib import Path

import plugin_project
import pytest
import small_project
import yaml

from weldspot import shipped
from weldspot.config import parameters
from weldspot.repository import new as verb
from weldspot.runtime.errors import WeldspotError


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_it_is_committed_whole_and_its_data_is_there(made: Path) -> None:
    assert git(made, "status", "--porcelain") == ""
    assert git(made, "log", "--format=%an %s") == "Ada As weldspot made it"
    assert {path.name for path in (made / "data").iterdir()} == {"background", "feedback", "inbox", "quarantine"}
    assert small_project.run(made, "dvc", "status", "data.dvc").strip().endswith("up to date.")
    assert list(made.parent.iterdir()) == [made]


def test_a_clone_restores_the_data(made: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(made), "a clone")
    small_project.run(tmp_path / "a clone", "dvc", "pull", "data.dvc")
    assert (tmp_path / "a clone/data/feedback/README.md").is_file()


def test_a_list_of_its_own_and_the_photographs_are_what_params_say(
    tmp_path: Path, photographs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "solder"
    verb.new(target, verb.Wanted("mine", "folder", photographs, "solder"))
    params = parameters.load(target / "params.yaml")
    assert sorted(params.labels.names) == ["crater", "not_fully_soldered"]
    assert (params.source.name, params.source.path) == ("folder", str(photographs))
    assert (params.tracking.experiment, params.tracking.model) == ("solder", "solder")
    assert "2 classes" in capsys.readouterr().out
    small_project.run(target, "weldspot", "compose")  # conf/ has it, so composing anew changes nothing
    assert git(target, "status", "--porcelain") == ""


@pytest.mark.thorough
def test_code_of_its_own_is_a_file_and_a_line(made: Path) -> None:
    plugin_project.write(made / "plugins", plugin_project.FILES)
    lines = ["source=custom", "source.maker=stripes:export", "+source.options.images=9", "ingest.layouts=[lines:lines]"]
    small_project.run(made, "weldspot", "compose", *lines)
    small_project.run(made, "dvc", "repro", "fetch")
    assert '"layout": "lines:lines"' in (made / "artifacts/fetch/provenance.json").read_text()
    for path, stale in (("layouts/lines.py", True), ("metrics/squares.py", False)):
        assert small_project.run(made, "dvc", "status", "fetch").strip().endswith("up to date.")
        with (made / "plugins" / path).open("a") as file:
            file.write("# changed\n")
        assert ("changed deps" in small_project.run(made, "dvc", "status", "fetch")) == stale
        (made / "plugins" / path).write_text(plugin_project.FILES[path])


def test_a_list_in_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "of_mine.yaml"
    ours = shipped.file("conf/labels/weld.yaml").read_text()
    mine.write_text(ours.replace("Splatters", "Spatter drops"))
    verb.new(tmp_path / "x", verb.Wanted(str(mine), "sample", None, "x"))
    assert (tmp_path / "x/conf/labels/of_mine.yaml").read_text() == mine.read_text()
    assert "Spatter drops" in parameters.load(tmp_path / "x/params.yaml").labels.names


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": "mine"}, "mine: no such list"),
        ({"labels": "nowhere/mine.yaml"}, "mine.yaml: no such file"),
        ({"labels": "a/b"}, "letters, digits"),
        ({"source": "ftp"}, "no such source; there are: folder, roboflow, sample"),
        ({"source": "folder"}, "needs --path"),
        ({"path": "photographs"}, "takes no --path"),
        ({"source": "folder", "path": "nowhere"}, "nowhere: no such file or folder"),
        ({"source": "folder", "path": "${x}"}, "rename the folder"),
        ({"source": "folder", "path": "photographs", "labels": "mine"}, "photographs"),
        ({"name": "a/b"}, "make a name"),
    ],
)
def test_what_can_not_be_is_one_line_and_leaves_nothing(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    (tmp_path / "photographs").mkdir()
    (tmp_path / "${x}").mkdir()
    before = sorted(tmp_path.iterdir())
    asked = {"labels": "weld", "source": "sample", "name": "x"} | changes
    path = tmp_path / changes["path"] if "path" in changes else None
    with pytest.raises(WeldspotError, match=said.replace("$", r"\$")):
        verb.new(tmp_path / "x", verb.Wanted(asked["labels"], asked["source"], path, asked["name"]))
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WeldspotError, match="not empty"):
        verb.new(tmp_path, verb.Wanted("weld", "sample", None, "x"))
    for target in (tmp_path / "mine.txt", tmp_path / "link", Path("/dev/null")):
        with pytest.raises(WeldspotError, match="not empty"):
            verb.new(target, verb.Wanted("weld", "sample", None, "x"))
    assert sorted(tmp_path.iterdir()) == before


def test_an_empty_folder_stays_the_one_that_a_shell_stands_in(tmp_path: Path) -> None:
    target = tmp_path / "empty"
    target.mkdir()
    before = target.stat().st_ino
    verb.new(target, verb.Wanted("weld", "sample", None, "x"))
    assert target.stat().st_ino == before
    assert (target / "dvc.yaml").is_file()


def test_a_folder_gives_its_name_as_far_as_it_may() -> None:
    assert verb.name_of(Path("/a/weld (new), 2.0")) == "weld -new- 2.0"
    assert verb.name_of(Path("/a/ß-naht")) == "ß-naht"
    assert verb.name_of(Path("/")) == "weldspot"


@pytest.mark.parametrize("source", ["sample", "roboflow"])
def test_every_dependency_of_a_source_is_there(tmp_path: Path, source: str) -> None:
    target = tmp_path / "x"
    verb.new(target, verb.Wanted("weld", source, None, "x"))
    params = yaml.safe_load((target / "params.yaml").read_text())
    assert (target / params["source"]["path"]).is_file()
    assert "src/" not in (target / "dvc.yaml").read_text() + (target / "params.yaml").read_text()


@pytest.mark.thorough
def test_fetch_runs_at_once_and_again_when_its_code_is_another(made: Path) -> None:
    small_project.run(made, "weldspot", "compose", "source.images=30", "source.size=96")
    assert "Running stage 'fetch'" in small_project.run(made, "dvc", "repro", "fetch")
    assert (made / "artifacts/fetch/export.zip").is_file()
    assert "Running stage" not in small_project.run(made, "dvc", "repro", "fetch")

    file = made / "weldspot.yaml"
    told = yaml.safe_load(file.read_text())
    for part, key in (("code", "fetch"), ("sources", "sample")):
        was = told[part][key]
        file.write_text(file.read_text().replace(was, "sha256:of-another"))
        with pytest.raises(RuntimeError, match=rf"{part}.{key}\): `weldspot upgrade` takes it up"):
            small_project.run(made, "dvc", "repro", "fetch")
        assert f"{part}.{key} differ" in small_project.run(made, "weldspot", "upgrade")
        assert yaml.safe_load(file.read_text()) == told
    assert "Running stage" not in small_project.run(made, "dvc", "repro", "fetch")


def test_the_makefile_and_the_script_can_be_run(made: Path) -> None:
    listed = subprocess.run(["make", "help"], cwd=made, check=True, capture_output=True, text=True).stdout
    assert "make repro" in listed
    assert os.access(made / "scripts/ci.sh", os.X_OK)
    subprocess.run(["sh", "-n", "scripts/ci.sh"], cwd=made, check=True)
