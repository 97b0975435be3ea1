"""`weldspot doctor` as a user meets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from weldspot.doctor.doctor import conclusion, lines
from weldspot.doctor.finding import missing, ok, warning
from weldspot.repository import new as verb

TENSORFLOW = """
import types
__version__ = "2.21.0"
sysconfig = types.SimpleNamespace(get_build_info=lambda: {})
config = types.SimpleNamespace(list_physical_devices=lambda kind: [])
"""


def doctor(folder: Path, fakes: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command, with a `tensorflow` that is imported in no time."""
    fakes.mkdir(exist_ok=True)
    (fakes / "tensorflow.py").write_text(TENSORFLOW)
    path = os.pathsep.join(filter(None, [str(fakes), os.environ.get("PYTHONPATH")]))
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MLFLOW_TRACKING_URI", "KERAS_BACKEND")
    }
    environment |= {"PYTHONPATH": path, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    command = [sys.executable, "-m", "weldspot.cli", "doctor"]
    return subprocess.run(command, cwd=folder, env=environment | variables, capture_output=True, text=True, check=False)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    verb.new(tmp_path / "a repository", verb.Wanted("weld", "sample", None, "x"))
    return tmp_path / "a repository"


def test_a_new_repository_can_run(made: Path, tmp_path: Path) -> None:
    done = doctor(made, tmp_path / "fakes")
    assert done.returncode == 0, done.stdout
    assert "`dvc repro` can run here" in done.stdout
    topics = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(("ok ", "warning ", "missing "))]
    assert topics[0] == "Python"
    assert {"Parameters", "Source", "Data", "Git", "Disk", "MLflow", "Firebase", "TensorFlow", "GPU"} <= set(topics)
    assert len(done.stdout.splitlines()) < 40


def test_what_stops_it_is_the_exit_status_and_no_secret_is_told(made: Path, tmp_path: Path) -> None:
    (made / "mlflow.db").write_text("no database")
    (made / ".env").write_text("ROBOFLOW_API_KEY=very-secret-key-1\nWELDSPOT_NOTIFY=discord://1/very-secret-token\n")
    (made / ".dvc/config.local").write_text("['remote \"store\"']\n    url = s3://ada:very-secret-word@bucket/x\n")
    done = doctor(made, tmp_path / "fakes", GOOGLE_APPLICATION_CREDENTIALS="/nowhere/key.json")
    assert done.returncode == 1
    assert "`dvc repro` can't run here: MLflow" in done.stdout
    assert "very-secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = doctor(tmp_path / "empty", tmp_path / "fakes")
    assert done.returncode == 1
    assert "`dvc repro` can't run here: Project" in done.stdout
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("text", ["[core\n", "['remote \"store\"']\n    nonsense = 1\n"])
def test_a_configuration_of_dvc_that_is_damaged_is_a_line(made: Path, tmp_path: Path, text: str) -> None:
    (made / ".dvc/config").write_text(text)
    done = doctor(made, tmp_path / "fakes")
    assert done.returncode == 1
    assert ".dvc/config" in done.stdout
    assert done.stderr.count("error") == 0


def test_a_line_is_wrapped_below_itself() -> None:
    shown = lines(warning("Disk", "word " * 30, "do " * 40), 80)
    assert all(len(line) <= 80 for line in shown)
    assert shown[0].startswith("warning  Disk        word")
    assert all(line.startswith(" " * 21) for line in shown[1:])
    assert sum("→" in line for line in shown) == 1
    assert lines(ok("Git", "x"), 80) == ["ok       Git         x"]


def test_the_last_line_names_what_stops_and_what_else_there_is() -> None:
    assert conclusion([ok("Git", "x")]) == "`dvc repro` can run here"
    assert conclusion([warning("Node", "x", "y")]) == "`dvc repro` can run here; see also: Node"
    findings = [missing("Data", "x", "y", stops=True), missing("Firebase", "x", "y")]
    assert conclusion(findings) == "`dvc repro` can't run here: Data; see also: Firebase"
