"""Names of code outside the package: what is found, and one line for what is not."""

import sys
from collections.abc import Iterator
from pathlib import Path

import plugin_project
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    with plugin_project.opened(tmp_path / "plugins") as folder:
        yield folder


def package(folder: Path, distribution: str, version: str, group: str, line: str) -> None:
    """An installed package: its metadata alone."""
    information = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (information / "entry_points.txt").write_text(f"[{group}]\n{line}\n")


def test_a_name_in_a_file_with_what_lies_beside_it(plugins: Path) -> None:
    easy = "from . import parts\nfrom .deep.inner import TWO\ndef loss(x):\n    return parts.ONE + TWO + x\n"
    files = {"losses/easy.py": easy, "losses/parts.py": "ONE = 1\n", "losses/deep/inner.py": "TWO = 2\n"}
    plugin_project.write(plugins, files)
    found = resolver.load("losses", "easy:loss")
    assert found(3) == 6
    assert found.title == "loss"
    assert resolver.load("losses", "deep.inner:TWO").value == 2
    assert str(plugins) not in sys.path


def test_files_of_one_name_in_two_folders_are_two(plugins: Path) -> None:
    plugin_project.write(plugins, {"losses/one.py": "a = 1\n", "metrics/one.py": "a = 22\n"})
    assert [resolver.load(kind, "one:a").value for kind in ("losses", "metrics")] == [1, 22]


def test_another_project_another_code(plugins: Path, tmp_path: Path) -> None:
    plugin_project.write(plugins, {"losses/one.py": "a = 1\n"})
    plugin_project.write(tmp_path / "other", {"losses/one.py": "a = 22\n"})
    assert resolver.load("losses", "one:a").value == 1
    resolver.use(tmp_path / "other")
    assert resolver.load("losses", "one:a").value == 22


FAILS = "def loss():\n    x = 1\n    return x / 0\n"


A, B = "losses/a.py", "losses/b.py"


@pytest.mark.parametrize(
    ("files", "name", "said"),
    [
        ({}, "gone:f", "training.loss: gone:f: no such file: plugins/losses/gone.py; write it, or correct the name"),
        ({A: "import b\n"}, "a:loss", "ModuleNotFoundError in plugins/losses/a.py, line 1: No module named 'b'"),
        ({A: "x = 1\n\nraise OSError('no\\nway')\n"}, "a:x", "OSError in plugins/losses/a.py, line 3: no way"),
        ({A: "x = 1\ndef f(:\n"}, "a:f", "SyntaxError in plugins/losses/a.py, line 2: invalid syntax"),
        ({A: "import sys\nsys.exit('bye')\n"}, "a:f", "SystemExit in plugins/losses/a.py, line 2: bye"),
        ({A: "from . import b\n", B: "\n1 / 0\n"}, "a:f", "in plugins/losses/b.py, line 2: division"),
        ({A: "from ..metrics import b\n", "metrics/b.py": ""}, "a:f", "ImportError in plugins/losses/a.py, line 1"),
        ({A: "x = 1\ny = 2\n_z = 3\n"}, "a:f", "a:f: no f in plugins/losses/a.py, which has x, y"),
    ],
)
def test_what_is_not_there_or_fails_is_one_line(plugins: Path, files: dict[str, str], name: str, said: str) -> None:
    plugin_project.write(plugins, files)
    with pytest.raises(WeldspotError) as error:
        resolver.load("losses", name)
    assert error.value.line() == str(error.value)
    assert said in str(error.value)
    assert str(error.value).startswith("training.loss: ")


def test_what_fails_when_it_is_called_says_where(plugins: Path) -> None:
    plugin_project.write(plugins, {"losses/a.py": FAILS})
    with pytest.raises(WeldspotError) as error:
        resolver.load("losses", "a:loss")()
    assert (
        str(error.value) == "training.loss: a:loss: ZeroDivisionError in plugins/losses/a.py, line 3: division by zero"
    )


def test_without_a_project_there_is_none(plugins: Path) -> None:
    resolver.use(None)
    with pytest.raises(WeldspotError, match=r"^training.loss: a:loss: no project is open"):
        resolver.load("losses", "a:loss")


def test_an_entry_point_of_an_installed_package(plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    package(site, "weld-extras", "1.2", "weldspot.losses", "easy = weld_extras_here:loss\nbroken = weld_extras_gone:f")
    (site / "weld_extras_here.py").write_text(FAILS)
    monkeypatch.syspath_prepend(site)
    assert resolver.wrong("losses", "easy") == ""
    assert resolver.made_of("losses", "easy") == "weld_extras_here:loss of weld-extras==1.2"
    with pytest.raises(WeldspotError, match=r"ZeroDivisionError in .*weld_extras_here.py, line 3: division by zero$"):
        resolver.load("losses", "easy")()
    with pytest.raises(WeldspotError, match=r"^training.loss: broken: ModuleNotFoundError: No module named 'weld_ex"):
        resolver.load("losses", "broken")
    said = resolver.wrong("losses", "eesy", ["cross_entropy"])
    assert said.startswith("'eesy' is none of cross_entropy, broken, easy, and no file:name of plugins/losses")
    package(site, "other-extras", "1", "weldspot.losses", "easy = other:loss")
    with pytest.raises(WeldspotError, match=r"easy: other-extras and weld-extras both offer it .*; uninstall one"):
        resolver.found("losses", "easy")


def test_what_code_is_known_by_changes_with_any_file_of_its_kind(plugins: Path) -> None:
    plugin_project.write(plugins, {"losses/a.py": "f = 1\n", "metrics/m.py": "\n", "losses/README.md": "a"})
    first = resolver.made_of("losses", "a:f")
    plugin_project.write(plugins, {"metrics/m.py": "x = 1\n", "losses/README.md": "b"})
    assert resolver.made_of("losses", "a:f") == first
    plugin_project.write(plugins, {"losses/beside.py": "\n"})
    assert resolver.made_of("losses", "a:f") != first
