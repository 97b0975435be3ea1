"""`weldspot <verb>` as a user meets it: one line for a mistake, a status, no traceback."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path

import exports
import pytest

from weldspot.cli import STAGES
from weldspot.config.parameters import load

ROOT = Path(__file__).resolve().parents[1]
WELDSPOT = (sys.executable, "-m", "weldspot.cli")


def weldspot(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}  # TensorFlow sets its own
    return subprocess.run([*WELDSPOT, *arguments], cwd=cwd, capture_output=True, text=True, check=False, env=clean)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """params.yaml and code of its own, whose `fetch` does what a test writes into it."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    shutil.copytree(ROOT / "src/weldspot", tmp_path / "src/weldspot", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


TOP = """
import os, sys
from weldspot.config.sections.base import StageParams
from weldspot.config.sections.split import Split
from weldspot.runtime.errors import WeldspotError

class Params(StageParams):
    split: Split

"""


def fetch_is(workspace: Path, body: str) -> None:
    code = f"{TOP}def main(workspace, params):\n{textwrap.indent(body, '    ')}\n"
    (workspace / "src/weldspot/stages/fetch.py").write_text(code)


def test_config_prints_every_value_with_its_origin(workspace: Path) -> None:
    done = weldspot("config", cwd=workspace)
    assert done.returncode == 0
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()}
    assert rows["split.seed"] == ["split.seed", "0", "conf/config.yaml"]
    assert rows["training.backbone"][-1] == "conf/training/quick.yaml"


def test_compose_writes_params(workspace: Path) -> None:
    assert weldspot("compose", "split.seed=4", cwd=workspace).returncode == 0
    assert "override" in next(x for x in weldspot("config", cwd=workspace).stdout.splitlines() if "split.seed" in x)


def test_a_list_of_classes_from_an_export_can_be_composed_at_once(workspace: Path) -> None:
    exports.unpacked(exports.class_folders() | {"train/crater/9.jpg": b"x"}, workspace / "my set")
    done = weldspot("labels", "--from", "my set", "--name", "solder", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "crater" in done.stdout
    assert "`weldspot compose labels=solder source=folder source.path='my set'`" in done.stdout
    assert weldspot("compose", "labels=solder", "source=folder", "source.path=my set", cwd=workspace).returncode == 0
    params = load(workspace / "params.yaml")
    assert "crater" in params.labels.names
    assert params.labels.exclusive
    rows = {line.split()[0]: line.split() for line in weldspot("config", cwd=workspace).stdout.splitlines()}
    assert rows["labels.exclusive"][-1] == "conf/labels/solder.yaml"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "nowhere"), "--from: nowhere does not exist"),
        (("--from", "conf"), "no image in it"),
        (("--from", "conf", "--name", "weld"), "weld.yaml: is there already"),
        (("--from", "conf", "--name", "../x"), "letters, digits, _ and - name a list"),
    ],
)
def test_no_list_is_written_from_what_is_none(workspace: Path, arguments: tuple[str, ...], said: str) -> None:
    done = weldspot("labels", *arguments, cwd=workspace)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert said in done.stderr
    assert [path.name for path in (workspace / "conf/labels").iterdir()] == ["weld.yaml"]


def test_run_calls_the_stage_with_the_params_of_this_workspace(workspace: Path) -> None:
    fetch_is(workspace, "print(params.split.min_groups, __file__)")
    done = weldspot("run", "fetch", cwd=workspace)
    assert done.stdout.split() == ["5", str(workspace / "src/weldspot/stages/fetch.py")]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("run", "paint"), "paint"),
        (("compose", "training.speed=1"), "training.speed"),
        (("run", "fetch"), "zip is cut"),
        (("review", "feedback/a/b.jpg"), "--accept, --labels, --reject REASON or --undo"),
        (("review", "--from", "none.csv", "--by", "rita"), "none.csv: can't be read"),
    ],
)
def test_a_mistake_is_one_line_and_status_1(workspace: Path, arguments: tuple[str, ...], named: str) -> None:
    fetch_is(workspace, "raise WeldspotError('the zip is cut short')")
    done = weldspot(*arguments, cwd=workspace)
    assert done.returncode == 1
    assert done.stderr.startswith("weldspot: error: ")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "1 / 0",
            r"ZeroDivisionError in fetch\.py, line \d+ \(division by zero\); a fault of WeldSpot itself: report it",
        ),
        ("open('nowhere/x', 'w')", r"nowhere/x: No such file or directory; see to it and run this again"),
        (
            "raise OSError(28, 'No space left on device', 'a/b')",
            r"a/b: No space left on device; free some space and .*",
        ),
    ],
)
def test_any_other_error_is_one_line_too(workspace: Path, body: str, said: str) -> None:
    fetch_is(workspace, body)
    done = weldspot("run", "fetch", cwd=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(f"weldspot: error: {said}\n", done.stderr), done.stderr


def test_an_env_file_that_is_no_text_is_one_line(workspace: Path) -> None:
    fetch_is(workspace, "workspace.settings")
    (workspace / ".env").write_bytes(b"\xff\xfe\x00\x01=")
    done = weldspot("run", "fetch", cwd=workspace)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ".env: damaged (" in done.stderr


def test_a_write_that_the_system_refuses_is_one_line_and_leaves_nothing_half(workspace: Path) -> None:
    """As on a full disk: the kernel takes no file of more than a kilobyte."""
    limit = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))"
    write = "from weldspot.runtime import atomic; atomic.write_bytes(workspace.root / 'data/batch', bytes(5000))"
    fetch_is(workspace, f"{limit}\n{write}")
    done = weldspot("run", "fetch", cwd=workspace)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "File too large" in done.stderr
    assert list((workspace / "data").iterdir()) == []


def test_an_error_does_not_tell_a_secret(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "very-secret-key-1")
    fetch_is(workspace, "raise WeldspotError('https://ada:pass-word@host?api_key=very-secret-key-1 does not answer')")
    done = weldspot("run", "fetch", cwd=workspace)
    assert "does not answer" in done.stderr
    assert "very-secret" not in done.stderr
    assert "pass-word" not in done.stderr


def test_from_another_folder_it_works_on_the_one_that_is_named(workspace: Path, tmp_path_factory) -> None:
    fetch_is(workspace, "print(workspace.root, params.split.min_groups)")
    elsewhere = tmp_path_factory.mktemp("else where")
    done = weldspot("-C", str(workspace), "run", "fetch", cwd=elsewhere)
    assert (done.stdout.split(), done.stderr) == ([str(workspace), "5"], "")
    assert weldspot("-C", str(workspace), "compose", "split.min_groups=6", cwd=elsewhere).returncode == 0
    assert weldspot("-C", str(workspace), "run", "fetch", cwd=elsewhere).stdout.split()[1] == "6"
    assert list(elsewhere.iterdir()) == []


def test_it_serves_the_folder_that_is_named(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    command = [*WELDSPOT, "-C", str(workspace), "serve", "--port", "0"]
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=tmp_path_factory.mktemp("else where"), env=unbuffered, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = next(line.split()[1] for line in process.stdout if line.startswith("WeldSpot"))
        next(line for line in process.stdout if line.startswith("Ctrl-C"))
        (workspace / "data/quarantine").mkdir(parents=True)
        (workspace / "data/quarantine/damaged.json").write_text("{")
        with urllib.request.urlopen(f"{url}loop", timeout=30) as page:
            assert "damaged.json" in page.read().decode()
    finally:
        process.kill()
        process.communicate()


def test_a_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    done = weldspot("-C", str(tmp_path / "nowhere"), "status", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "nowhere: no such folder" in done.stderr


def test_a_secret_in_the_env_file_of_the_named_folder_is_not_told(workspace: Path, tmp_path: Path) -> None:
    (workspace / ".env").write_text("ROBOFLOW_API_KEY=very-secret-key-2\n")
    fetch_is(workspace, "raise WeldspotError('very-secret-key-2 does not open it')")
    done = weldspot("-C", str(workspace), "run", "fetch", cwd=tmp_path.parent)
    assert "does not open it" in done.stderr
    assert "very-secret" not in done.stderr


def test_outside_a_repository_says_what_to_do(tmp_path: Path) -> None:
    done = weldspot("run", "fetch", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "params.yaml: no such file" in done.stderr


def test_an_interrupt_is_130_without_a_traceback(workspace: Path) -> None:
    # a shell's background job inherits SIGINT ignored; so may the tests
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    fetch_is(workspace, f"{heed}\nos.kill(os.getpid(), signal.SIGINT)")
    done = weldspot("run", "fetch", cwd=workspace)
    assert done.returncode == 128 + signal.SIGINT
    assert "Traceback" not in done.stderr


def test_a_stage_waits_for_an_orphan_and_says_for_whom(workspace: Path) -> None:
    fetch_is(workspace, "print('done')")
    lock = workspace / ".weldspot/stage.lock"
    lock.parent.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(f"ingest (pid {os.getpid()})")
        held.flush()
        waiting = subprocess.Popen(
            [*WELDSPOT, "run", "fetch"], cwd=workspace, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert waiting.stderr is not None
        said = waiting.stderr.readline()
        assert said == f"weldspot: fetch waits for ingest (pid {os.getpid()}), which still runs here\n"
        assert waiting.poll() is None, "it must not run beside the other"
    output, errors = waiting.communicate()
    assert (waiting.returncode, output, errors) == (0, "done\n", "")


def test_the_command_line_starts_without_the_heavy_imports() -> None:
    code = "import sys, weldspot.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "numpy", "pandas", "mlflow", "dvc", "hydra", "pydantic"} & set(
        done.stdout.split()
    )


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_the_graph_can_be_run_by_name(stage: str) -> None:
    assert (ROOT / f"src/weldspot/stages/{stage}.py").is_file()
