"""`weldspot upgrade`: what nobody has changed is brought up to the installed one, what somebody has is not."""

import subprocess
from pathlib import Path

import pytest

from weldspot.repository import code, contents, requirement
from weldspot.repository.upgrade import ASIDE, check, upgrade
from weldspot.runtime.errors import WeldspotError


def as_of_before(made: Path, name: str, content: bytes) -> None:
    """The repository as an earlier weldspot, which wrote `content`, has left it."""
    there = code.recorded(made)
    assert there is not None
    files = there.files | {name: code.digest(content)}
    earlier = there.model_copy(update={"files": files, "version": "0.0.9", "code": there.code | {"train": "sha256:x"}})
    (made / name).write_bytes(content)
    (made / "weldspot.yaml").write_text(earlier.text())


def test_nothing_to_do_changes_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(made)
    check(made)
    assert subprocess.run(["git", "status", "--porcelain"], cwd=made, capture_output=True, check=True).stdout == b""
    assert "no stage's code differs" in capsys.readouterr().out


def test_a_file_that_nobody_changed_is_the_new_one(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = (made / "dvc.yaml").read_bytes()
    as_of_before(made, "dvc.yaml", b"stages: {}\n")
    with pytest.raises(WeldspotError, match=r"not 0\.0\.9 \(code\.train\)"):
        check(made)
    upgrade(made)
    assert (made / "dvc.yaml").read_bytes() == now
    assert "code.train differ from what they were" in capsys.readouterr().out
    check(made)


def test_a_file_that_its_owner_changed_stays_and_the_new_one_is_beside(made: Path) -> None:
    as_of_before(made, "dvc.yaml", b"stages: {}\n")
    (made / "dvc.yaml").write_text("# mine\nstages: {}\n")
    upgrade(made)
    assert (made / "dvc.yaml").read_text().startswith("# mine")
    assert (made / ASIDE / "dvc.yaml").read_bytes() == contents.kept_up()["dvc.yaml"]


def test_a_changed_file_is_not_said_again_and_again(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made / "Makefile").write_text("mine:\n")
    upgrade(made)
    assert "Makefile" not in capsys.readouterr().out
    assert (made / "Makefile").read_text() == "mine:\n"


def test_the_requirement_is_the_installed_one(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(requirement, "requirement", lambda: "weldspot==9.9")
    (made / "requirements.txt").write_text("torch\nweldspot == 0.0.9\n")
    upgrade(made)
    assert (made / "requirements.txt").read_text() == "torch\nweldspot==9.9\n"
    (made / "requirements.txt").write_text("weldspot @ git+https://example.org/fork\n")
    upgrade(made)
    assert (made / "requirements.txt").read_text() == "weldspot @ git+https://example.org/fork\n"
    assert "does not name what is installed (weldspot==9.9)" in capsys.readouterr().out


def test_elsewhere_is_one_line(tmp_path: Path) -> None:
    for verb in (upgrade, check):
        with pytest.raises(WeldspotError, match="`weldspot new` makes repositories that have one"):
            verb(tmp_path)
