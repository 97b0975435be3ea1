"""Every file of state of a workspace, what may happen to one, and every command that reads it, in this process."""

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import FiniteFloat
from uploads import upload
from weld_classes import CLASSES, WELD

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.images import dataset, table
from weldspot.loop import loop_state, retrain, status, summary
from weldspot.loop.desk.desk import Desk
from weldspot.loop.drift.gate import gate
from weldspot.loop.feedback.collect import collect
from weldspot.loop.feedback.spool import put
from weldspot.loop.promotion.promote import promote
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.revoking.revoke import Begun
from weldspot.loop.story import Story
from weldspot.model.export.checks import SliceBounds
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.server.models import Models
from weldspot.sources import arrival
from weldspot.sources.chunks import Chunk, data_chunks, read
from weldspot.stages import export, ingest
from weldspot.tracking.experiment_key import read_key
from weldspot.workspace import Workspace

# a path of the workspace that holds no state which a command reads, and why
NO_STATE = {
    "conf": "what people write; Hydra reads it, and `weldspot compose` says what is wrong: tests/config",
    "logs": "TensorBoard's, written and never read here",
    "app": "Vite's build, handed out as it is",
    "summary": "written for people, never read here",
    "ingesting": "scratch of one run, emptied before it is used",
    "downloads": "a download begins anew when its note can't be read: tests/sources/test_resumable_download.py",
    "tls": "a certificate that can't be read is made anew: tests/server/security/test_tls.py",
    "checkpoints": "read by Keras alone: tests/model/training/test_checkpoint.py",
    "mlflow_lock": "a lock; what it holds is nobody's",
    "damaged": "what was taken out of the way; nobody reads it",
    "staging_lock": "a lock; what it holds is nobody's",
    "plugins": "code of the project's own: tests/runtime/plugins/test_resolver.py",
    "made_with": "weldspot.yaml, in a repository that `weldspot new` made: tests/repository/test_code.py",
    "main": "the root itself",
    "known": "made anew when it can't be read: tests/loop/influence/test_known.py",
    "desk": "measured anew when it can't be read: tests/loop/desk/test_measured.py",
    "trust": "public keys, in git; damaged: tests/signing/test_trust.py",
    "signing_key": "a private key; damaged: tests/signing/test_private_key.py",
    "recovery_key": "the same, on its way to where it is kept",
    "reproducing": "scratch of one run, emptied before it is used",
    "local": "the folder of several named here",
}


# what no command reads, and why; or what a damage leaves a valid file, which says something else
_UNREAD = {
    "artifacts/export/*.parquet": "export has registered it: the registry's copy is read",
    "artifacts/export/*.tflite": "export has registered it: the registry's copy is read",
    ".weldspot/spool/.collected/feedback/*/*.jpg": "what `loop.collect.after: mark` has put aside",
    "data/background/*": "a photograph, which ingest quarantines: tests/stages/test_ingest.py",
}
_VALID = {
    ("data/inbox/judged.json", "{}"): "nothing was judged: it is judged anew",
    (".env", "empty"): "no settings",
    (".env", "halved"): "text, whatever it says",
    (".env", "[]"): "text, whatever it says",
    (".env", "{}"): "text, whatever it says",
    (".env", "null"): "text, whatever it says",
}


def may_be_silent(name: str, how: str) -> bool:
    """Whether nothing need be said of a file (its path from the root) that is damaged so."""
    if (name, how) in _VALID:
        return True
    if name.startswith(("data/reviews/", "data/telemetry/")) and how == "empty":
        return True  # no decisions, no reports: a file of lines has no other end than that
    if name.startswith("mlartifacts/") and "/artifacts/artifacts/" not in name:
        return True  # pictures for people, and MLflow's own description, for who loads the model with MLflow
    return any(Path(name).match(pattern) for pattern in _UNREAD)


def contents(workspace: Workspace) -> dict[Path, bytes]:
    """Every file below the root."""
    return {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}


def put_back(workspace: Workspace, before: dict[Path, bytes]) -> list[str]:
    """Undoes what commands have written; returns the files that they have removed."""
    now = contents(workspace)
    for path in now.keys() - before.keys():
        path.unlink()
    for path, data in before.items():
        if now.get(path) != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return sorted(path.relative_to(workspace.root).as_posix() for path in before.keys() - now.keys())


def _link_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)  # as good as a file that may not be opened, also for root


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "halved": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 8),
    "[]": lambda path: path.write_text("[]"),
    "{}": lambda path: path.write_text("{}"),
    "null": lambda path: path.write_text("null"),
    "a folder": _folder,
    "a link in a circle": _link_in_a_circle,
}


def places(workspace: Workspace) -> dict[str, list[Path]]:
    """Property of the workspace → the files of state at or below it, none of them twice."""
    names = [name for name, value in vars(Workspace).items() if isinstance(value, property) and name not in NO_STATE]
    found = {name: _files(getattr(workspace, name)) for name in names}
    found |= {"artifacts": _files(workspace.root / "artifacts"), "reports": [workspace.metrics, workspace.verdict]}
    return found


def _files(path: Path) -> list[Path]:
    inside = sorted(path.rglob("*")) if path.is_dir() else [path] if path.exists() else []
    return [
        one
        for one in inside
        if one.is_file() and one.suffix not in (".lock", ".md", ".bin") and ".locks" not in one.parts
    ]


def in_order(files: set[Path]) -> list[Path]:
    """The database last: MLflow keeps it open in this process, and answers from what it was for all that follow."""
    return sorted(files, key=lambda path: (path.name == "mlflow.db", path))


def _gate(workspace: Workspace) -> None:
    with contextlib.suppress(SystemExit):
        gate(workspace)


def _page(workspace: Workspace) -> None:
    models = Models(workspace)
    manifest = models.manifest()
    loop_state.read(workspace, manifest)
    if manifest is not None:
        content = models.content(manifest.sha256)
        assert content is None or len(content) == manifest.bytes, "a phone was given another file"


def _feedback(workspace: Workspace) -> None:
    arrival.order(workspace.feedback)
    for chunk in data_chunks(workspace.data, "Background"):
        if isinstance(chunk, Chunk):  # else it is passed over: a README
            list(read(chunk))


def _stages(workspace: Workspace) -> None:
    """What the stages read first."""
    ingest._gather(workspace, WELD, [])
    for stage in ("ingest", "preprocess"):
        table.column_table(workspace.artifact(stage), ["id", "labels", "group", "source", "name"])
        for shard in table.shards(workspace.artifact(stage)):
            list(table.record_batches(shard, ["id", "image", "labels"]))
    for split in ("train", "val", "test"):
        dataset.load(workspace, WELD, split)
    read_key(workspace)
    export._thresholds(workspace.artifact("evaluate") / "thresholds.json", CLASSES)
    export._evaluated(workspace, "free_below.json", dict[str, FiniteFloat])
    export._evaluated(workspace, "slices.json", dict[str, SliceBounds])
    Manifest.read(workspace.artifact("export") / "manifest.json")
    lock_hash(workspace.root)


def _summary(workspace: Workspace) -> None:
    print(summary.write(workspace, Story(outcome="drift", promoted=False, version="1")).read_text())


def _again(workspace: Workspace) -> None:
    """A phone that has heard no answer sends an upload again that was collected."""
    assert not put(workspace.spool, *upload(6)), "an upload was taken twice"


def _begun(workspace: Workspace) -> None:
    assert retrain._begun(workspace) or not os.path.lexists(workspace.retraining), "a retraining was forgotten"


def _revoking(workspace: Workspace) -> None:
    assert Begun.found(workspace.revoking) or not os.path.lexists(workspace.revoking), "a revocation was forgotten"


COMMANDS: dict[str, Callable[[Workspace], object]] = {
    "status": lambda workspace: print(status.status(workspace)),
    "collect": collect,
    "an upload again": _again,
    "gate": _gate,
    "promote": promote,
    "publish": publish_production,
    "the page": _page,
    "ingest": _feedback,
    "stages": _stages,
    "retrain": _begun,
    "revoke": _revoking,
    "summary": _summary,
    "review": lambda workspace: Desk(workspace).cards(),
    "settings": lambda workspace: Workspace(workspace.root).settings,
    "config": lambda workspace: parameters.load(workspace.params),
}


# where a file lies → the commands that may read it; whatever lies elsewhere is tried with every command
_READERS = {
    "artifacts/": ("stages", "model", "export's inputs", "promote", "the page"),
    "data/": ("status", "collect", "gate", "ingest", "the page", "review"),
    ".weldspot/": ("status", "collect", "an upload again", "publish", "the page", "retrain", "revoke"),
    "mlartifacts/": ("gate", "promote", "publish"),
    "mlflow.db": ("status", "gate", "promote", "publish"),
    "reports/": ("status", "summary", "the page"),
    "dvc.lock": ("stages",),
}


def readers(name: str) -> dict[str, Callable[[Workspace], object]]:
    """The commands that may read a file, given its path from the root."""
    chosen = next((names for place, names in _READERS.items() if name.startswith(place)), tuple(COMMANDS))
    return {command: COMMANDS[command] for command in chosen if command in COMMANDS}


class Said(NamedTuple):
    """What a command said of a file that is damaged: `line` is its error, "" where it went on."""

    command: str
    line: str
    output: str


def tried(workspace: Workspace, commands: dict[str, Callable[[Workspace], object]]) -> Iterator[Said]:
    """Each command on the workspace as it is; whatever is not a line of its own is raised."""
    for name, command in commands.items():
        output = io.StringIO()
        line = ""
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                command(workspace)
            except WeldspotError as error:
                line = str(error)
        yield Said(name, line, output.getvalue())


@contextlib.contextmanager
def damaged(path: Path, how: str) -> Iterator[None]:
    """The file is damaged inside, and as it was before afterwards."""
    kept = path.read_bytes()
    DAMAGES[how](path)
    try:
        yield
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.write_bytes(kept)
