"""From a model back to what made it, and from a commit to the models it made."""

import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import versions
from weldspot.registry.model_registry import CHECKS_TAG, REVOKED_TAG, SHA_TAG, ModelRegistry
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import redact
from weldspot.tracking import runs

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

    from weldspot.workspace import Workspace

_LONGEST = 5000  # characters: what MLflow keeps of a tag where the database is not SQLite
_CHANGES = {"true": " + uncommitted changes", "unknown": " (unknown whether with uncommitted changes)"}


def describe(workspace: "Workspace", section: Tracking, what: str) -> str:
    """A page of text for an MLflow run id or name, a model version or alias, a SHA-256 of a .tflite or a commit.

    Also for feedback that was taken back: the versions that learnt from it.

    Raises:
        WeldspotError: nothing goes by that name.
    """
    import mlflow

    experiment = runs.connect(workspace, section)
    registry = ModelRegistry(workspace, section)
    every, aliases = registry.versions(), registry.aliases()
    chosen = [v for v in every if _names(v, what, aliases)]
    if chosen:
        return "\n\n".join(_version(v, registry) for v in chosen)
    made = [v for v in every if _made_by(v, what, workspace)]
    if made:
        lines = [
            f"  version {v.version}  {v.tags.get(SHA_TAG, '')[:12]}  checks {v.tags.get(CHECKS_TAG)}" for v in made
        ]
        return "\n".join([f"commit {what} made {len(made)} version(s) of {registry.name}:", *lines])
    for run in mlflow.search_runs([experiment], output_format="list"):
        if what in (run.info.run_id, run.info.run_name, run.data.tags.get(runs.KEY_TAG)):
            mine = [v.version for v in every if v.tags.get("run_id") == run.info.run_id]
            return _run(run) + f"\n  versions   {', '.join(map(str, mine)) or 'none'}"
    raise WeldspotError(
        f"lineage {what}: no run, version of {registry.name}, SHA-256 or commit of that name at "
        f"{redact(mlflow.get_tracking_uri(), workspace.settings.secrets())}; see `make ui`"
    )


def learnt_from(registry: ModelRegistry, photographs: Collection[str]) -> tuple[dict[str, int], list[str]]:
    """Version → how many of these photographs (SHA-256) it was trained or tuned on, where it was on any.

    Also a line for each version whose files can't be read, which may have been.
    """
    learnt, unread = {}, []
    for version in sorted((str(v.version) for v in registry.versions()), key=int):
        with tempfile.TemporaryDirectory() as folder:
            try:
                count = versions.learnt(versions.fetch_version(registry, version, Path(folder)), photographs)
            except WeldspotError as error:
                unread.append(str(error))
                continue
        if count:
            learnt[version] = count
    return learnt, unread


def mark_revoked(registry: ModelRegistry, version: str, name: str, count: int) -> None:
    """Tags a version with what it learnt from that was taken back; once, however often it is called."""
    before = registry.tags(version).get(REVOKED_TAG, "")
    line = f"{count} of {name}"
    if line not in before.split("; "):
        said = "; ".join(filter(None, [before, line]))
        registry.client.set_model_version_tag(registry.name, version, REVOKED_TAG, said[:_LONGEST])


def _names(version: "ModelVersion", what: str, aliases: dict[str, str]) -> bool:
    if what in (str(version.version), f"{version.name}/{version.version}"):
        return True
    if what in _revoked(version):
        return True
    if len(what) >= 8 and version.tags.get(SHA_TAG, "").startswith(what):
        return True
    return aliases.get(what, "") == str(version.version)


def _revoked(version: "ModelVersion") -> list[str]:
    """Batches, uploaders, uploads and photographs that it learnt from and that were taken back."""
    return [line.partition(" of ")[2] for line in version.tags.get(REVOKED_TAG, "").split("; ")]


def _made_by(version: "ModelVersion", commit: str, workspace: "Workspace") -> bool:
    """Whether it was made at this commit, or before it and recorded in this commit's dvc.lock."""
    if not re.fullmatch("[0-9a-f]{7,40}", commit):
        return False
    if version.tags.get("git.commit", "").startswith(commit):
        return True
    return bool(version.tags.get("dvc.lock", "none") == lock_hash(workspace.root, commit) != "none")


def _version(version: "ModelVersion", registry: ModelRegistry) -> str:
    import mlflow

    head = f"{version.name} version {version.version}\n  sha256     {version.tags.get(SHA_TAG)}"
    head += f"\n  checks     {version.tags.get(CHECKS_TAG)}"
    if revoked := version.tags.get(REVOKED_TAG):
        head += f"\n  revoked    it learnt from photographs that were taken back: {revoked}"
    try:
        return f"{head}\n{_run(registry.client.get_run(version.tags['run_id']))}"
    except mlflow.MlflowException:
        return f"{head}\n  run        {version.tags.get('run_id')} (no longer in this MLflow)"


def _run(run: "Run") -> str:
    tags = run.data.tags
    data = {k.removeprefix("dvc.out."): v for k, v in tags.items() if k.startswith("dvc.out.")}
    lines = [
        f"  run        {run.info.run_name} ({run.info.run_id})",
        f"  commit     {tags.get('git.commit')}{_CHANGES.get(tags.get('git.dirty', 'unknown'), '')}",
        f"  dvc.lock   {tags.get('dvc.lock')}",
        *(f"  data       {path}  {md5}" for path, md5 in sorted(data.items())),
        *(f"  param      {key} = {value}" for key, value in sorted(run.data.params.items())),
    ]
    return "\n".join(lines)
