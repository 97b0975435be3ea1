"""A repository as `weldspot new` makes it, in a path with a space."""

from pathlib import Path

import exports
import pytest

from weldspot.repository import new as verb


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """git knows who commits, and nothing else that this machine's owner has set."""
    (tmp_path / "gitconfig").write_text("[user]\n    name = Ada\n    email = ada@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """A Pascal VOC export of classes that nobody has listed."""
    photos = {
        f"train/{number}.jpg": [("crater" if number % 2 else "not_fully_soldered", 8, 10, 40, 30)]
        for number in range(6)
    }
    files = {name: exports.jpeg(exports.scene(number)) for number, name in enumerate(photos)}
    files |= {Path(name).with_suffix(".xml").as_posix(): exports.xml(boxes) for name, boxes in photos.items()}
    return exports.unpacked(files, tmp_path / "solder photographs")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """On the sample, with the default list."""
    target = tmp_path / "my repositories/weld one"
    verb.new(target, verb.Wanted("weld", "sample", None, "weld one"))
    return target
