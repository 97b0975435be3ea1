"""weldspot keys: made once, handed over, found again after a kill, and begun anew only when asked."""

from pathlib import Path

import pytest
from signers import signer_of, with_keys

from weldspot.contracts.served import Trust
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, keys, private_key, trust
from weldspot.workspace import Workspace


def now(workspace: Workspace) -> str:
    found = trust.read(workspace)
    assert found is not None
    return trust.keys(found)[-1].public


def test_made_once_and_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = with_keys(tmp_path)
    said = capsys.readouterr().out
    assert "git add trust.json" in said
    assert "recovery.pem to where" in said
    before = now(workspace), workspace.signing_key.read_bytes()
    with pytest.raises(WeldspotError, match="has a key; `weldspot keys rotate`"):
        keys.make(workspace, 730, False)
    assert (now(workspace), workspace.signing_key.read_bytes()) == before
    for path in (workspace.signing_key, workspace.recovery_key):
        assert path.read_text().splitlines()[1] not in said


def test_killed_between_its_files_it_goes_on_with_the_key_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(trust, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            keys.make(workspace, 730, False)
    made = dsse.raw(private_key.read(workspace.signing_key))
    keys.make(workspace, 730, False)
    assert trust.raw(now(workspace)) == made


def test_anew_keeps_the_old_ones_aside(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    before, old = now(workspace), workspace.signing_key.read_bytes()
    keys.make(workspace, 730, True)
    assert now(workspace) != before
    assert [path.read_bytes() for path in workspace.signing_key.parent.glob("key-until-*.pem")] == [old]
    assert signer_of(workspace).trust.successions == []


def test_rotated_by_the_key_or_by_the_recovery_key(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    first = now(workspace)
    keys.rotate(workspace, 100, None)
    second = now(workspace)
    workspace.signing_key.unlink()
    with pytest.raises(WeldspotError, match=r"is it lost\? `weldspot keys rotate --recovery FILE`"):
        keys.rotate(workspace, 100, None)
    with pytest.raises(WeldspotError, match="no such file; name the recovery key"):
        keys.rotate(workspace, 100, tmp_path / "nowhere.pem")
    elsewhere = tmp_path / "a stick.pem"
    workspace.recovery_key.rename(elsewhere)
    with pytest.raises(WeldspotError, match=r"this key is .*, trust\.json wants"):
        keys.rotate(workspace, 100, next(workspace.signing_key.parent.glob("key-until-*.pem")))
    keys.rotate(workspace, 100, elsewhere)
    assert len({first, second, now(workspace)}) == 3
    assert trust.raw(now(workspace)) == dsse.raw(signer_of(workspace).private)
    assert not workspace.signing_key.with_name("next.pem").exists()


@pytest.mark.parametrize("killed_at", ["write", "rename"])
def test_a_rotation_that_was_killed_goes_on_with_the_same_key(
    killed_at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = with_keys(tmp_path)
    with monkeypatch.context() as patch:
        stopped = (trust, "write") if killed_at == "write" else (keys, "_put_aside")
        patch.setattr(*stopped, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            keys.rotate(workspace, 100, None)
    following = dsse.raw(private_key.read(workspace.signing_key.with_name("next.pem")))
    keys.rotate(workspace, 100, None)
    assert trust.raw(now(workspace)) == following == dsse.raw(signer_of(workspace).private)
    found = Trust.read(workspace.trust)
    assert len(found.successions) == 1


def test_a_key_of_the_environment_is_not_rotated_behind_its_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = with_keys(tmp_path)
    monkeypatch.setenv("WELDSPOT_SIGNING_KEY", workspace.signing_key.read_text())
    with pytest.raises(WeldspotError, match="comes from the environment"):
        keys.rotate(Workspace(tmp_path), 100, None)


def test_shown_without_a_byte_of_a_private_half(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys.show(Workspace(tmp_path))
    assert "not signed" in capsys.readouterr().out
    workspace = with_keys(tmp_path)
    keys.rotate(workspace, 100, None)
    private = [path.read_text().splitlines()[1] for path in workspace.signing_key.parent.glob("*.pem")]
    keys.show(workspace)
    workspace.signing_key.unlink()
    keys.show(workspace)
    said = capsys.readouterr().out
    for words in ("signed once, and has handed over", "its private half is here", "this clone can't publish"):
        assert words in said
    assert not any(line in said for line in private)
