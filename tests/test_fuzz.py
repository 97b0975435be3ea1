"""Whatever stands in params.yaml or on the command line: it works, or one line says what is wrong; a fixed seed."""

import os
import random
import subprocess
import sys
import types
from pathlib import Path

import pytest
from small_project import ROOT

from weldspot import cli
from weldspot.cli import graph, session
from weldspot.config import parameters, provenance
from weldspot.config.compose import check_paths
from weldspot.config.sections.base import StageParams
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

ODD = [
    "", " ", "-", "-1", "0", "1", "3", "1e9", "1e-5", "9" * 400, "a" * 5000, "\n", "two\nlines", "\udcff", "🙂",
    "é" * 70, "../..", "/dev/null", "/", "nan", ".nan", ".inf", "true", "~", "null", "[]", "[", "{a: b}", "{a:",
    "'", '"', "`", "%s", "{x}", "$HOME", "${oc.env:HOME}", "a.b.c", "https://u:pw@h/?k=v", "x=1", "=x",
    "training=full", "split.seed=1,2", "training.seed=-1", "+a=1", "~source", "1:2", "::1", "256.256.256.256",
    "a" * 64 + ".b", "!!int x", "&a [*a]", "--help", "--", "-C", "2024-02-31", "0x1f", "1_0", "\t", "a: b",
    "\x1b[31m", "staging", "export", "paint", "local",
]  # fmt: skip


def mutated(text: str, rng: random.Random) -> bytes:
    """params.yaml with one thing changed."""
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    key, _, _ = lines[at].partition(":")
    odd = rng.choice(ODD)
    match rng.randrange(8):
        case 0 | 1 | 2:
            lines[at] = f"{key}: {odd}"
        case 3:
            del lines[at]
        case 4:
            lines.insert(at, lines[at])
        case 5:
            lines[at] = f"{key}{odd}: 1"
        case 6:
            lines[at] = " " * rng.randrange(5) + lines[at]
        case 7:
            data = bytearray("\n".join(lines).encode())
            for _ in range(rng.randrange(1, 6)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            return bytes(data)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def refusal(path: Path, shown: bool) -> str:
    """What is said of the file, "" when it is taken."""
    try:
        check_paths(parameters.load(path), ROOT)
        if shown:
            provenance.table(provenance.provenance(path, ROOT / "conf"))
    except WeldspotError as error:
        return error.line()
    return ""


def test_300_changes_of_params_yaml_are_read_or_one_line(tmp_path: Path) -> None:
    rng = random.Random(16)
    text = (ROOT / "params.yaml").read_text()
    path = tmp_path / "params.yaml"
    refused = 0
    for number in range(300):
        path.write_bytes(mutated(text, rng))
        told = refusal(path, number % 20 == 0)
        refused += bool(told)
        assert len(told) < 2000
        assert told.isprintable()
    assert 150 < refused < 300


@pytest.fixture
def door(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A project whose commands begin for real, and end where they would train, render, wait or serve."""

    class Nothing(StageParams):
        pass

    stage = types.SimpleNamespace(Params=Nothing, main=lambda workspace, params: None)
    monkeypatch.setattr(graph, "import_module", lambda name: stage)
    monkeypatch.setattr("weldspot.runtime.tensorflow_import.import_tensorflow", lambda: None)
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: None)
    for step in ("simulation.simulate.simulate", "retrain.retrain", "drift.gate.gate", "promotion.promote.promote"):
        monkeypatch.setattr(f"weldspot.loop.{step}", _done)
    monkeypatch.setattr("weldspot.repository.new._filled", lambda folder, wanted: folder.mkdir(parents=True) or [])
    monkeypatch.setattr("weldspot.doctor.gpu._ASK", "raise ImportError")
    for name in ("conf", "src"):
        (workspace.root / name).symlink_to(ROOT / name)
    monkeypatch.setattr("weldspot.runtime.processes.own_code", lambda root: None)
    monkeypatch.chdir(workspace.root)
    return workspace


def _done(*_: object) -> object:
    class Story:
        promoted = True

        def __hash__(self) -> int:
            return hash("no-drift")

        def __eq__(self, other: object) -> bool:
            return other == "no-drift"

    return Story()


OPTIONS: dict[str, list[str]] = {
    "compose": [""], "config": [], "run": [""], "simulate": ["--shift", "--images", "--seed"], "collect": [],
    "gate": [], "promote": [], "publish": ["--target", "--canary"], "canary": [], "lineage": [""],
    "labels": ["--from", "--name"], "rollback": [], "retrain": [], "status": [], "upgrade": ["--check"],
    "new": ["", "--labels", "--source", "--path", "--name"], "doctor": [], "revoke": ["", "--why", "--erase"],
    "attest": [""], "verify": [""], "reproduce": ["", "--here", "--keep"],
    "review": ["", "--labels", "--reject", "--by", "--to", "--from", "--accept", "--undo"],
    "serve": ["--host", "--port", "--token-file", "--config", "--allowed-host", "--self-signed"],
}  # fmt: skip
WEIGHTS = {"serve": 8, "simulate": 5, "run": 5, "publish": 3, "compose": 1, "lineage": 2, "new": 5}


def line(rng: random.Random) -> list[str]:
    """A command line: a verb with up to three of its options, of odd values."""
    verbs = [verb for verb in OPTIONS if verb != "status"] + ["", "paint"]
    verb = rng.choices(verbs, [WEIGHTS.get(verb, 1) for verb in verbs])[0]
    words = ["-C", rng.choice(ODD)] if rng.random() < 0.1 else []
    words += [verb] if verb else []
    if verb == "serve":
        words += ["--port", "0"]
    for _ in range(rng.randrange(1, 4)):
        words += [part for part in (rng.choice(OPTIONS.get(verb) or [""]), rng.choice(ODD)) if part]
    return words


def _verbs() -> set[str]:
    return {command.name or getattr(command.callback, "__name__", "") for command in session.app.registered_commands}


def test_every_verb_has_its_place_here() -> None:
    assert set(OPTIONS) == _verbs()


def test_250_command_lines_work_or_are_one_line(
    door: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(16)
    for _ in range(250):
        words = line(rng)
        monkeypatch.setattr("sys.argv", ["weldspot", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err, words
        if ended.value.code in (1, 2):
            told = [text for text in err.splitlines() if not text.startswith("weldspot: warning: ")]
            assert len(told) == 1, (words, err)
            assert told[0].startswith("weldspot: error: "), (words, err)
        else:
            assert ended.value.code in (None, 0, 10, 11, 12), (words, err)


CRON = (ROOT / "docs/ci.md").read_text().partition("```crontab\n")[2].partition("\n```")[0]


@pytest.mark.thorough
def test_the_documented_cron_line_finds_all_it_needs_on_crons_bare_path(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    root = home / "weldspot"
    root.symlink_to(workspace.root)
    (root / ".venv").mkdir()
    (root / ".venv/bin").symlink_to(Path(sys.executable).parent)
    subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"], cwd=root, check=True)
    (root / "dvc.yaml").write_text("stages: {fetch: {cmd: weldspot --help > told, outs: [told]}}")
    command = CRON.split(maxsplit=5)[5]
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "welder"}
    kept = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    subprocess.run(["/bin/sh", "-c", command], env=environment | kept, cwd=home, check=False)
    told = (home / "weldspot.log").read_text()
    assert (root / "told").read_text().strip(), told
    assert "dvc repro failed" not in told
    assert "Running stage 'fetch'" in told
