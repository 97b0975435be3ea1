"""git and DVC's remote."""

import subprocess
from pathlib import Path

import pytest

from weldspot.doctor import versions
from weldspot.doctor.finding import Finding


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which git knows nobody."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


def git(root: Path, without: bool = False) -> Finding:
    (found,) = versions.repository(root, without)
    return found


def test_no_repository_stops_unless_dvc_is_told_to_do_without(tmp_path: Path) -> None:
    assert git(tmp_path).stops
    assert (git(tmp_path, without=True).mark, git(tmp_path, without=True).stops) == ("warning", False)


def test_no_git_stops_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git(tmp_path).stops
    assert "install git" in git(tmp_path).cure
    assert not git(tmp_path, without=True).stops


def test_who_commits_and_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert "does not know who you are" in git(tmp_path).found
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    assert "without a commit" in git(tmp_path).found
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "x"], cwd=tmp_path, check=True)
    assert git(tmp_path).mark == "ok"


def test_a_repository_of_another_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "dubious ownership" in git(tmp_path).found
    assert "safe.directory" in git(tmp_path).cure


def remote(**settings: str) -> Finding:
    return versions.remote({"core": {"remote": "store"}, "remote": {"store": settings}})


def test_no_remote_is_a_warning() -> None:
    assert versions.remote({}).mark == "warning"
    assert versions.remote({"core": {"remote": "gone"}, "remote": {}}).mark == "warning"


def test_a_folder_is_looked_at(tmp_path: Path) -> None:
    assert remote(url=str(tmp_path)).mark == "ok"
    assert remote(url=str(tmp_path / "nowhere")).mark == "warning"


def test_far_away_it_takes_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "find_spec", lambda name: None)
    found = remote(url="s3://bucket/x")
    assert (found.mark, found.stops) == ("missing", False)
    assert "dvc-s3" in found.cure
    monkeypatch.setattr(versions, "find_spec", lambda name: object())
    assert remote(url="s3://bucket/x").mark == "ok"
    assert "was not asked" in remote(url="https://example.org/x").found


def test_a_password_in_an_address_is_not_shown() -> None:
    assert "very-secret" not in str(remote(url="https://ada:very-secret@example.org/x"))
    assert "very-secret" not in str(remote(url="s3://ada:very-secret@bucket/x"))
