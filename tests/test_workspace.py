"""Every path of the project by its name, below its own root."""

from pathlib import Path

import pytest

from weldspot.workspace import Workspace

PATHS = sorted(name for name, value in vars(Workspace).items() if isinstance(value, property))


@pytest.mark.parametrize("name", PATHS)
def test_two_workspaces_have_no_path_in_common(name: str, tmp_path: Path) -> None:
    first, second = (Workspace(tmp_path / number) for number in ("first", "second"))
    paths = [getattr(workspace, name) for workspace in (first, second)]
    assert paths[0].is_relative_to(first.root)
    assert paths[1].is_relative_to(second.root)


def test_names_lead_to_where_dvc_and_people_look(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.artifact("split") == tmp_path / "artifacts/split"
    assert workspace.report("gate") == tmp_path / "reports/gate"
    assert workspace.lock("stage") == tmp_path / ".weldspot/stage.lock"
    assert workspace.verdict == tmp_path / "reports/gate/verdict.json"


def test_a_queued_experiment_records_where_the_repository_does(tmp_path: Path) -> None:
    copy = tmp_path / ".dvc/tmp/exps/abc"
    assert Workspace(copy).main == tmp_path
    assert Workspace(copy).mlflow_database == tmp_path / "mlflow.db"
    assert Workspace(copy).params == copy / "params.yaml", "but its parameters are its own"


def test_mlflow_is_told_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Workspace(Path()).mlflow_database == tmp_path / "mlflow.db"


def test_settings_are_those_of_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROBOFLOW_API_KEY", raising=False)
    (tmp_path / ".env").write_text("ROBOFLOW_API_KEY=of-this-folder\n")
    assert Workspace(tmp_path).settings.roboflow_api_key.get_secret_value() == "of-this-folder"
    assert Workspace(tmp_path / "other").settings.roboflow_api_key.get_secret_value() == ""
