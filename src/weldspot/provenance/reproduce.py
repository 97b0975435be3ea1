"""weldspot reproduce: a model is made again from its commit, its lock file and its data, and compared byte by byte."""

import hashlib
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.contracts.attested import REPRODUCTION, Reproduction, Resource
from weldspot.provenance import compare, record, statements
from weldspot.provenance.clone import Clone, cloned
from weldspot.provenance.record import Record
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime import atomic, git, locks
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import trust
from weldspot.tracking import lineage_tags

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_SHORTEST = 8  # digits of a SHA-256 that are taken for it


def reproduce(workspace: "Workspace", sha256: str, here: bool, keep: bool) -> bool:
    """Whether the model came out the same; prints what is done and writes a statement, signed where there is a key.

    Raises:
        WeldspotError: no version has this file, nothing says what made it, or a step failed.
    """
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    number = _version(registry, sha256)
    with locks.exclusive(workspace.lock("reproduce")), tempfile.TemporaryDirectory() as folder:
        found = versions.fetch_version(registry, number, Path(folder))
        commit, made = _source(workspace, found, registry.tags(number).get("git.dirty", git.UNKNOWN))
        _say(f"version {number}, {found.sha256[:12]}…, of commit {commit[:12]}: cloning")
        _say("with the environment that this runs in" if here else "installing what requirements.lock says: gigabytes")
        with cloned(workspace, commit, here, keep) as clone:
            _say("`dvc repro` of every stage, with a cache of its own")
            clone.run("`dvc repro`", clone.python, "-m", "weldspot.runtime.dvc_repro", "--force")
            result = _compared(clone, found, commit, made, here)
            if keep:
                _say(f"kept in {clone.root}")
    _tell(workspace, result)
    return result.result == "same"


def _version(registry: ModelRegistry, sha256: str) -> str:
    wanted = sha256.lower()
    chosen = {digest: version for digest, version in registry.hashes().items() if digest.startswith(wanted)}
    if len(wanted) < _SHORTEST or len(chosen) != 1:
        found = "no version" if not chosen else f"{len(chosen)} versions"
        raise WeldspotError(
            f"reproduce {sha256}: {found} of {registry.name}; give the SHA-256 of a registered .tflite, {_SHORTEST} "
            "digits at least (`weldspot status` shows them)"
        )
    return next(iter(chosen.values()))


def _source(workspace: "Workspace", found: ModelVersion, dirty: str) -> tuple[str, Record | None]:
    """The commit to clone, and the record of what its stages wrote, None where nobody has kept it."""
    made = record.find(workspace, found.manifest)
    if made is not None and (commit := made.commit or record.commit_of(workspace, found.manifest)):
        return commit, made
    if dirty == "false":
        return found.manifest.git_commit, made
    raise WeldspotError(
        f"reproduce: version {found.version} was made with changes that are in no commit here "
        f"({found.manifest.git_commit[:12]} and more); commit dvc.lock and what it was made of, or fetch that commit"
    )


def _compared(clone: Clone, found: ModelVersion, commit: str, made: Record | None, here: bool) -> Reproduction:
    model = clone.root / "artifacts/export" / Path(found.manifest.file).name
    again, before = model.read_bytes(), found.model.read_bytes()
    same = hashlib.sha256(again).hexdigest() == found.sha256
    lock = (clone.root / "requirements.lock").read_bytes() if (clone.root / "requirements.lock").is_file() else b""
    difference, tags = None, lineage_tags.tags(clone.root)
    if not same:
        wrote = record.parts_of((clone.root / "dvc.lock").read_bytes(), "outs")
        metrics = (clone.root / "reports/metrics.json").read_bytes()
        known = made.files["reports/metrics.json"] if made else b""
        difference = compare.first_difference(made.written() if made else [], wrote, (before, again), (known, metrics))
    return Reproduction(
        result="same" if same else "different",
        sha256=found.sha256,
        commit=commit,
        environment="this one" if here else "locked",
        lock=hashlib.sha256(lock).hexdigest(),
        machine=f"{platform.system()} {platform.machine()}, {tags['device.cpu']}, Python {platform.python_version()}",
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        difference=difference,
    )


def _tell(workspace: "Workspace", result: Reproduction) -> None:
    short = result.sha256[:12]
    if result.difference is None:
        _say(f"the same bytes: {result.sha256}")
    else:
        found = result.difference
        where = (
            f"`{found.stage}` is the first stage that came out otherwise ({', '.join(found.outputs) or 'its model'})"
        )
        if found.stage == "unknown":
            where = "what its stages wrote is not known here (no dvc.lock of it), so not where it began"
        moved = ", ".join(f"{name} {old} → {new}" for name, (old, new) in found.metrics.items())
        _say(f"not the same bytes as {short}…: {where}; {found.bytes}; {moved or 'the same scores'}")
    signer = trust.signer(workspace)
    if signer is None:
        _say("no statement is written: this repository has no key to sign it with")
        return
    path = workspace.report("reproduce") / f"{short}.intoto.json"
    about = [Resource(name="model", digest={"sha256": result.sha256})]
    atomic.write_bytes(path, statements.signed(signer, REPRODUCTION, about, result))
    _say(f"{path}: signed; `weldspot verify` reads it")


def _say(text: str) -> None:
    print(f"reproduce: {text}", flush=True)
