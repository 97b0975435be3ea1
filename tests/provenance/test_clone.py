"""What a clone is given of its surroundings, and what it is not."""

from pathlib import Path

import pytest
from attested import git

from weldspot.provenance.clone import cloned
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


@pytest.fixture
def repository(tmp_path: Path) -> Workspace:
    folder = tmp_path / "a team's/welds"
    folder.mkdir(parents=True)
    (folder / "dvc.yaml").write_text("stages: {}\n")
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", "-A")
    git(folder.parent, "commit", "-qm", "a project in a folder of its repository")
    return Workspace(folder)


def test_it_sees_the_commit_its_secrets_for_sources_and_no_key(
    repository: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.root / ".env").write_text("ROBOFLOW_API_KEY=for-fetch\nWELDSPOT_TOKEN=of-the-server-here\n")
    for name in ("WELDSPOT_SIGNING_KEY", "MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "WELDSPOT_NOTIFY"):
        monkeypatch.setenv(name, "/elsewhere")
    (repository.root / "dvc.yaml").write_text("changed since\n")
    commit = git(repository.root, "rev-parse", "HEAD")
    with cloned(repository, commit, here=True, keep=False) as clone:
        assert (clone.root / "dvc.yaml").read_text() == "stages: {}\n"
        assert clone.variables["ROBOFLOW_API_KEY"] == "for-fetch"
        told = {"WELDSPOT_TOKEN", "WELDSPOT_SIGNING_KEY", "MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "WELDSPOT_NOTIFY"}
        assert not told & clone.variables.keys()
        with pytest.raises(WeldspotError, match="reproduce: a step failed, its message is above"):
            clone.run("a step", "false")
    assert not repository.reproducing.exists()
    assert git(repository.root, "worktree", "list").count("\n") == 0
    assert git(repository.root, "status", "--porcelain", "--", "dvc.yaml") == "M welds/dvc.yaml"


def test_what_is_not_there_is_a_line(repository: Workspace) -> None:
    with (
        pytest.raises(WeldspotError, match="commit 000000000000 is not in this clone; `git fetch --all`"),
        cloned(repository, "0" * 40, here=True, keep=False),
    ):
        pass
    commit = git(repository.root, "rev-parse", "HEAD")
    with (
        pytest.raises(WeldspotError, match=r"has no requirements\.lock; `--here`"),
        cloned(repository, commit, here=False, keep=False),
    ):
        pass
    assert not repository.reproducing.exists()
