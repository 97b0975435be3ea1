"""The command: what leaves, what is kept out, what is said, and that a kill at any moment is gone on from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from registered import World
from uploads import jpeg, upload

from weldspot.loop.feedback import feedback_batches, inbox, ledger
from weldspot.loop.feedback.collect import collect
from weldspot.loop.feedback.spool import Spool, put
from weldspot.loop.revoking import copies, erasure
from weldspot.loop.revoking import revoke as module
from weldspot.loop.revoking.revoke import resume, revoke
from weldspot.loop.revoking.target import Target
from weldspot.registry import lineage
from weldspot.runtime import dvc_commands
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

WHY = "stickers on cracked welds"


@pytest.fixture
def no_dvc(quick_cache: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be tracked: each `dvc add` takes seconds."""
    tracked: list[str] = []
    monkeypatch.setattr(dvc_commands, "add", lambda root, path, safe: tracked.append(path))
    return tracked


def test_an_admitted_batch_leaves_and_is_never_collected_again(
    project: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real DVC; phones and spools may send it again for ever (`after: keep`)."""
    (path,) = project.feedback.glob("*.parquet")
    before = (project.root / "data.dvc").read_text()
    revoke(project, path.name, WHY)
    assert not path.exists()
    assert (project.root / "data.dvc").read_text() != before
    (entry,) = ledger.read(project).entries
    assert (entry.name, entry.why, entry.erased) == (path.name, WHY, False)
    assert entry.uploads == sorted(upload(number)[0] for number in range(10))
    said = capsys.readouterr().out
    assert f"revoke: batch {path.name}: 10 of data/feedback taken back; data.dvc is up to date" in said
    for number in range(10):
        put(project.spool, *upload(number))
    collect(project)
    assert "collect: 10 left out: taken back before" in capsys.readouterr().out
    assert not copies.find(project, Target(kind="batch", name=path.name))
    assert not [
        name for one in inbox.waiting(project) for name in feedback_batches.origins(one) if name in entry.uploads
    ]
    with pytest.raises(WeldspotError, match=rf"^revoke {path.name}: taken back on \S+ by \S+; nothing of it is left"):
        revoke(project, path.name, WHY)


def test_an_uploader_is_kept_out_with_all_that_is_yet_to_come(
    project: Workspace, no_dvc: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    revoke(project, "anna", WHY)
    assert copies.find(project, Target(kind="uploader", name="anna")).counts == {}
    assert "nothing that this uploader sends is collected any more" in capsys.readouterr().out
    put(project.spool, *upload(500))
    collect(project)
    assert inbox.waiting(project) == []
    assert "1 left out" in capsys.readouterr().out


def test_a_photograph_that_was_erased_does_not_come_back_under_another_name(
    project: Workspace, no_dvc: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, image, _ = upload(3)
    revoke(project, name, WHY, erase=True)
    again = "feedback/berta/00000000-0000-4000-8000-000000000000.jpg"
    put(project.spool, again, image, upload(3)[2])
    capsys.readouterr()
    collect(project)
    assert "1 left out: taken back before" in capsys.readouterr().out
    assert Spool(project.spool).image(again) == b""


@pytest.mark.parametrize(
    "name", ["nobody", "20260101T000000-000000000000.parquet", "ab" * 32, "", "feedback/", "\x1b[31m"]
)
def test_what_is_not_there_is_one_line_and_changes_nothing(project: Workspace, name: str) -> None:
    with pytest.raises(WeldspotError) as error:
        revoke(project, name, WHY)
    assert "\n" not in error.value.line()
    assert not project.revoked.exists()
    assert not project.revoking.exists()


def test_without_a_reason_nothing_leaves(project: Workspace) -> None:
    with pytest.raises(WeldspotError, match="say why, it is kept"):
        revoke(project, "anna", " \n")


MOMENTS: dict[str, tuple[object, str, int]] = {
    "before the ledger": (ledger, "append", 0),
    "between two batches": (copies, "_read", 3),
    "amid the spool": (Spool, "forget", 1),
    "before DVC is told": (inbox, "track", 0),
    "before it is erased": (erasure, "erase", 0),
    "amid the deletion": (erasure, "_remote", 0),
}


def state(workspace: Workspace) -> dict[str, bytes]:
    """All but DVC's own records and what has the time in it."""
    skipped = {"revoked.jsonl", "dvc.log"}
    files = (path for path in workspace.root.parent.rglob("*") if path.is_file() and path.suffix != ".lock")
    kept = (path for path in files if path.name not in skipped and ".dvc/tmp" not in path.as_posix())
    return {path.relative_to(workspace.root.parent).as_posix(): path.read_bytes() for path in kept}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_the_next_call_ends_it(
    project: Workspace, tmp_path: Path, no_dvc: list[str], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    other = Workspace(tmp_path / "other/project")
    shutil.copytree(project.root.parent, other.root.parent)
    config = other.root / ".dvc/config"
    config.write_text(config.read_text().replace(str(project.root.parent), str(other.root.parent)))
    revoke(other, "feedback/anna/", WHY, erase=True)
    where, name, calls = MOMENTS[moment]
    real: Callable[..., object] = getattr(where, name)
    made: list[int] = []

    def killed(*args: object, **kwargs: object) -> object:
        made.append(1)
        if len(made) > calls:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(where, name, killed)
    with pytest.raises(KeyboardInterrupt):
        revoke(project, "feedback/anna/", WHY, erase=True)
    monkeypatch.setattr(where, name, real)
    assert project.revoking.exists()
    if list(MOMENTS).index(moment) % 2:
        revoke(project, "feedback/anna/", WHY, erase=True)
    else:  # what `weldspot collect`, `gate` and `retrain` do first
        resume(project)
    assert not project.revoking.exists()
    assert len(ledger.read(project).entries) == 1
    ours, theirs = state(project), state(other)
    assert ours.keys() == theirs.keys()
    assert {path for path in ours if jpeg(3) in ours[path]} == set()


def test_production_that_learnt_from_it_is_named_and_the_way_back_too(
    registry: World,
    project: Workspace,
    no_dvc: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project.mlflow_database.touch()  # there is a registry to ask
    client = registry.registry.client
    client.set_registered_model_alias("weldspot", "production", "2")
    client.set_registered_model_alias("weldspot", "previous", "1")
    monkeypatch.setattr(module, "ModelRegistry", lambda *_: registry.registry)
    monkeypatch.setattr(lineage, "learnt_from", lambda *_: ({"2": 10}, ["version 3: its files can't be fetched"]))
    revoke(project, "anna", WHY)
    said = capsys.readouterr().out
    assert "revoke: version 2 learnt from 10 of these photographs, and is marked" in said
    assert "can't be told: version 3: its files can't be fetched" in said
    assert "production is one of them, version 2; `weldspot rollback` gives production back to version 1" in said
    assert registry.tags("2")["revoked"] == "10 of anna"
