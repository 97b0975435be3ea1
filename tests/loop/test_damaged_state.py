"""Each file of state, as the workspace lists them, in eight damages: a line of a command, no traceback, no loss."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import contract_examples
import damage
import exports
import mlflow
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import NOON, batch
from counted import A, report
from damage import COMMANDS, DAMAGES, NO_STATE
from reviews import decided
from uploads import upload
from weld_classes import CLASSES

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.images.table import QUALITY
from weldspot.loop.drift.lifetime import verdict_log
from weldspot.loop.feedback import inbox, ledger, quarantine
from weldspot.loop.feedback.ledger import Revocation
from weldspot.loop.feedback.spool import Spool, put
from weldspot.loop.promotion import heldout
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.review.log import Log
from weldspot.loop.revoking.revoke import Begun
from weldspot.loop.revoking.target import Target
from weldspot.loop.revoking.traces import Traces
from weldspot.loop.telemetry import reports
from weldspot.registry.model_registry import PRODUCTION, ModelRegistry
from weldspot.registry.registration import register
from weldspot.runtime import atomic, dvc_commands
from weldspot.sources import arrival
from weldspot.stages import fetch, ingest, preprocess, split
from weldspot.tracking import runs
from weldspot.tracking.experiment_key import write_key
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
REVOKED = Revocation(
    name="x", why="stickers", by="anna", at="2026-05-01T12:00:00+00:00", erased=False, uploader="",
    uploads=["feedback/anna/x.jpg"], photographs=["ab" * 32],
)  # fmt: skip
MODEL = b"not a network, but its bytes are kept"
CHALLENGER = hashlib.sha256(MODEL).hexdigest()  # publishing it is what a canary holds back


@pytest.fixture(scope="module")
def whole(mlflow_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a file wherever a command looks for one; its model is none that could judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setenv("WELDSPOT_WORKERS", "1")
        workspace = Workspace(tmp_path_factory.mktemp("whole"))
        shutil.copy(ROOT / "params.yaml", workspace.params)
        shutil.copy(mlflow_tables, workspace.mlflow_database)
        (workspace.root / ".env").write_text("ROBOFLOW_API_KEY=of-this-folder\n")
        _graph(workspace)
        _registry(workspace)
        _loop(workspace)
        yield workspace
        mlflow.set_tracking_uri(None)


def _graph(workspace: Workspace) -> None:
    source = workspace.root / "export.zip"
    source.write_bytes(exports.zipped(exports.voc()))
    (workspace.data / "background").mkdir(parents=True)
    params = exports.params(name="folder", path=str(source), background=fetch.NO_BACKGROUND)
    fetch.main(workspace, params.select(fetch.Params))
    ingest.main(workspace, params.select(ingest.Params))
    preprocess.main(workspace, params.select(preprocess.Params))
    split.main(workspace, params.select(split.Params))
    write_key(workspace.artifact("train"), "00ff00ff00ff00ff")
    atomic.write_json(workspace.artifact("evaluate") / "thresholds.json", dict.fromkeys(CLASSES, 0.5))
    atomic.write_json(workspace.artifact("evaluate") / "free_below.json", {"Crack": 0.1})
    atomic.write_json(workspace.artifact("evaluate") / "slices.json", {"source=export": [0.9, 0.8, 1.0]})
    scores = dict.fromkeys(("average_precision", "roc_auc", "f1"), 0.9)
    atomic.write_json(workspace.metrics, {"mean": scores, "per_class": dict.fromkeys(CLASSES, scores)})
    outs = "    - path: artifacts/fetch\n      md5: 0123456789abcdef0123456789abcdef.dir\n"
    (workspace.root / "dvc.lock").write_text(f"schema: '2.0'\nstages:\n  fetch:\n    outs:\n{outs}")


def _registry(workspace: Workspace) -> None:
    folder = workspace.artifact("export")
    folder.mkdir(parents=True)
    manifest = contract_examples.manifest(sha256=hashlib.sha256(MODEL).hexdigest(), bytes=len(MODEL))
    (folder / manifest.file).write_bytes(MODEL)
    (folder / "manifest.json").write_bytes(manifest.json_bytes())
    rows = {"id": ["a"], "group": ["a"], "split": ["test"]}
    pq.write_table(pa.table(rows), folder / "membership.parquet")
    numbers = {name: [0.5] for name in (*QUALITY, *CLASSES)}
    more = {"source": ["export"], "labels": [["Crack"]], "embedding": [np.zeros(8, np.float16)]}
    pq.write_table(pa.table(rows | numbers | more), folder / "reference.parquet")
    section = parameters.load(workspace.params).tracking
    registry = ModelRegistry(workspace, section)
    runs.connect(workspace, section)
    with mlflow.start_run(experiment_id="1") as active:
        manifest = Manifest.read(folder / "manifest.json")
        version = register(workspace, registry, manifest, runs.Run(active.info.run_id)).version
    registry.client.set_registered_model_alias(registry.name, PRODUCTION, version)
    publish_production(workspace)


def _loop(workspace: Workspace) -> None:
    admitted = batch(workspace, 1, 2)
    atomic.move(admitted, workspace.feedback / admitted.name)
    waiting = batch(workspace, 3, 4)
    inbox.record(workspace, [waiting], inbox.Judged(outcome="no-drift", model="ab" * 32, at="2026-05-01T12:00:00Z"))
    quarantine.keep(workspace, "feedback/anna/x.jpg", b"", {}, "no labels")
    put(workspace.spool, *upload(5))
    name, image, metadata = upload(6)
    put(workspace.spool, name, image, metadata)
    Spool(workspace.spool).done(name, "mark")
    upload_batch = batch(workspace, 6)
    atomic.move(upload_batch, workspace.feedback / upload_batch.name)
    order = arrival.Arrival(batches=[admitted.name, upload_batch.name])
    atomic.write_bytes(workspace.feedback / arrival.NAME, order.json_bytes())
    refused = batch(workspace, 7)
    atomic.move(refused, workspace.rejected / refused.name)
    decided(Log(workspace), upload(7)[0], "reject")
    atomic.write_bytes(workspace.retraining, b'{"why": "drift"}')
    ledger.append(workspace, REVOKED)
    begun = Begun(target=Target(kind="upload", name="x"), entry=REVOKED, counts={}, traces=Traces.of([], []))
    atomic.write_bytes(workspace.revoking, begun.json_bytes())
    line = verdict_log.Line(at=NOON, model="ab" * 32, batches=[waiting.name], outcome="no-drift", rate=0.001)
    verdict_log.append(workspace, line)
    reports.append(workspace, [report(1, challenger=CHALLENGER, lot="production")])
    courses.write(workspace, Course(version="1", sha256=CHALLENGER, before=A, steps=[courses.step(0.1, "begun")]))
    atomic.write_bytes(workspace.verdict, contract_examples.verdict().json_bytes())


@pytest.fixture
def workspace(whole: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A copy; what needs DVC or a network is made up."""
    shutil.copytree(whole.root, tmp_path / "a copy", symlinks=True)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(dvc_commands, "stale", lambda *_: {})
    monkeypatch.setattr(inbox, "track", lambda _: None)
    monkeypatch.setattr(heldout, "score", lambda _, images: np.zeros((len(images), len(CLASSES)), np.float32))
    monkeypatch.setattr("weldspot.loop.drift.reading.feedback", _no_judgement)
    yield Workspace(tmp_path / "a copy")
    mlflow.set_tracking_uri(None)


def _no_judgement(*_: object) -> None:
    raise AssertionError("the gate judged on what is made up")


def test_every_path_of_the_workspace_is_in_the_table(whole: Workspace) -> None:
    """A new path gets a file in `whole`, or the reason why it has none in damage.NO_STATE."""
    assert {name for name, files in damage.places(whole).items() if not files} == set()
    assert {name for name in NO_STATE if not isinstance(vars(Workspace).get(name), property)} == set()


def test_the_whole_workspace_is_read_by_every_command(workspace: Workspace) -> None:
    assert {said.command: said.line for said in damage.tried(workspace, COMMANDS) if said.line} == {}


OFTEN = ("halved", "null")  # the other ways cost as much, and rarely say anything else
WAYS = [how if how in OFTEN else pytest.param(how, marks=pytest.mark.thorough) for how in DAMAGES]


@pytest.mark.parametrize("how", WAYS)
def test_a_damaged_file_is_a_line_of_a_command_and_nothing_else_is_lost(workspace: Workspace, how: str) -> None:
    files = damage.in_order({path for found in damage.places(workspace).values() for path in found})
    if not os.environ.get("WELDSPOT_ALL_TESTS"):
        files = files[OFTEN.index(how) :: len(OFTEN)]  # each file in one of the ways
    before = damage.contents(workspace)
    silent, wrong = [], []
    for path in files:
        name = path.relative_to(workspace.root).as_posix()
        if damage.may_be_silent(name, how):
            continue
        with damage.damaged(path, how):
            try:
                said = list(damage.tried(workspace, damage.readers(name)))
            except Exception as error:  # what would be a traceback
                wrong.append(f"{name}: {type(error).__name__}: {error}"[:300])
                said = []
            wrong += [f"{name}: {one.command}: more than a line: {one.line}" for one in said if "\n" in one.line]
            if not any(one.line or path.name in one.output or "quarantined" in one.output for one in said):
                silent.append(name)
        wrong += [f"{name}: {other} is gone" for other in damage.put_back(workspace, before)]
    assert wrong == []
    assert silent == []
