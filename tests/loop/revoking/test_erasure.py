"""No byte is left where it can be reached; the search here is another one than the program's."""

from pathlib import Path

import pytest
from uploads import jpeg, upload

from weldspot.images.table import content_id
from weldspot.loop.revoking import copies, erasure
from weldspot.loop.revoking.target import Target
from weldspot.loop.revoking.traces import Traces
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

pytestmark = pytest.mark.usefixtures("quick_cache")


def holding(folder: Path, number: int) -> set[str]:
    """The files below a folder that hold the photograph of this number."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files if jpeg(number) in path.read_bytes()}


def test_no_byte_is_left_in_data_cache_remote_artifacts_and_mlflow(
    project: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = project.root.parent
    places = {name.split("/")[1] for number in range(18) for name in holding(everything, number)} | {
        name.split("/")[0] for number in range(18) for name in holding(everything, number)
    }
    assert {"remote", "project", ".dvc", "data", "artifacts", "mlartifacts", ".weldspot"} <= places
    target = Target(kind="uploader", name="anna")
    found = copies.find(project, target)
    copies.remove(project, target, found.uploads)
    traces = Traces.of(found.images.values(), found.photographs)
    erasure.erase(project, traces)
    for number in range(18):
        assert holding(everything, number) == set()
    told = capsys.readouterr().out
    assert "for the bytes and the ids of 15 photograph(s) in this folder" in told
    assert "DVC's cache, MLflow's artifacts, the repository's own folder, DVC's remote " in told
    assert "not reached: other clones" in told
    erasure.erase(project, traces)
    assert "0 file(s) that held one" in capsys.readouterr().out


def test_others_stay_where_they_are(project: Workspace) -> None:
    target = Target(kind="upload", name=upload(12)[0])
    found = copies.find(project, target)
    copies.remove(project, target, found.uploads)
    before = {number: holding(project.root.parent, number) for number in range(10)}
    erasure.erase(project, Traces.of([jpeg(12)], [content_id(jpeg(12))]))
    assert holding(project.root.parent, 12) == set()
    assert {number: holding(project.root.parent, number) for number in range(10)} == before


def test_what_can_not_be_deleted_is_an_error(project: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(WeldspotError, match=r"^revoke: [^\n]+: still holds a photograph; run this again$"):
        erasure.erase(project, Traces.of([jpeg(4)], []))


def test_a_remote_that_is_no_folder_is_asked_to_delete_what_the_cache_knows(
    project: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dvc.repo import Repo

    deleted: list[str] = []

    class Store:
        def exists(self, oid: str) -> bool:
            return True

        def delete(self, oid: str) -> None:
            deleted.append(oid)

    class Cloud:
        def get_remote_odb(self, name: str) -> Store:
            assert name == "far"
            return Store()

    config = project.root / ".dvc/config"
    config.write_text(config.read_text() + "['remote \"far\"']\n    url = s3://welds/store\n")
    made = Repo.__init__

    def with_a_cloud(self: Repo, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)
        self.cloud = Cloud()

    monkeypatch.setattr(Repo, "__init__", with_a_cloud)
    erasure.erase(project, Traces.of([jpeg(3)], []))
    assert len(deleted) == 1, "the batch as it was"
    assert len(deleted[0]) == 32
    assert "of the remote far what this cache knew of is deleted" in capsys.readouterr().out
