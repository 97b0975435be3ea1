"""The folder that the doctor looks at."""

from pathlib import Path

import pytest

from weldspot.doctor import project
from weldspot.doctor.finding import Finding
from weldspot.repository import new as verb
from weldspot.workspace import Workspace


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    verb.new(tmp_path / "a repository", verb.Wanted("weld", "sample", None, "x"))
    return Workspace(tmp_path / "a repository")


def examined(workspace: Workspace) -> dict[str, Finding]:
    return {finding.topic: finding for finding in project.examine(workspace, project.read(workspace))}


def test_a_new_repository_is_ready(made: Workspace) -> None:
    found = examined(made)
    assert list(found) == ["Project", "Graph", "Parameters", "Source", "Data"]
    assert {finding.mark for finding in found.values()} == {"ok"}


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    found = examined(Workspace(tmp_path))
    assert list(found) == ["Project"]
    assert found["Project"].stops
    assert "weldspot new" in found["Project"].cure


def test_values_that_do_not_fit_are_named(made: Workspace) -> None:
    made.params.write_text(made.params.read_text().replace("epochs: 2", "epochs: two"))
    found = examined(made)
    assert found["Parameters"].stops
    assert "training.epochs" in found["Parameters"].found
    assert "Source" not in found


def test_a_source_that_leads_nowhere_is_named(made: Workspace) -> None:
    made.params.write_text(made.params.read_text().replace("path: conf/source/sample.yaml", "path: nowhere"))
    assert examined(made)["Source"].stops
    assert "source.path" in examined(made)["Source"].found


def test_data_that_is_not_restored_is_said_with_the_way_to_restore_it(made: Workspace) -> None:
    made.data.rename(made.root / "elsewhere")
    assert examined(made)["Data"].cure == "dvc pull data.dvc"
    (made.root / "data.dvc").unlink()
    assert "git checkout" in examined(made)["Data"].cure
    assert examined(made)["Data"].stops


@pytest.mark.parametrize("text", ["code.train", "damaged"])
def test_code_that_is_not_the_one_that_is_named_stops(made: Workspace, text: str) -> None:
    told = made.made_with.read_text()
    made.made_with.write_text("- x" if text == "damaged" else told.replace("  train: sha256", "  train: sha257"))
    assert examined(made)["Graph"].stops
    assert text in examined(made)["Graph"].found or text == "damaged"


def test_a_graph_that_is_not_there_stops(made: Workspace) -> None:
    (made.root / "dvc.yaml").unlink()
    assert examined(made)["Graph"].stops


def test_a_folder_that_is_read_only_stops(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project.os, "access", lambda path, mode: False)  # root may write wherever there is no mount
    assert "read-only" in project.folder(made.root).found
    assert project.folder(made.root).stops
