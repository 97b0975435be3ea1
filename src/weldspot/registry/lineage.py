"""From a model back to what made it, and from a commit to the models it made."""

import re
from typing import TYPE_CHECKING

from weldspot.config.sections.tracking import Tracking
from weldspot.registry.model_registry import CHECKS_TAG, SHA_TAG, ModelRegistry
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import redact
from weldspot.tracking import runs

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

    from weldspot.workspace import Workspace

_CHANGES = {"true": " + uncommitted changes", "unknown": " (unknown whether with uncommitted changes)"}


def describe(workspace: "Workspace", section: Tracking, what: str) -> str:
    """A page of text for an MLflow run id or name, a model version or alias, a SHA-256 of a .tflite or a commit.

    Raises:
        WeldspotError: nothing goes by that name.
    """
    import mlflow

    experiment = runs.connect(workspace, section)
    registry = ModelRegistry(workspace, section)
    versions, aliases = registry.versions(), registry.aliases()
    chosen = [v for v in versions if _names(v, what, aliases)]
    if chosen:
        return "\n\n".join(_version(v, registry) for v in chosen)
    made = [v for v in versions if _made_by(v, what, workspace)]
    if made:
        lines = [
            f"  version {v.version}  {v.tags.get(SHA_TAG, '')[:12]}  checks {v.tags.get(CHECKS_TAG)}" for v in made
        ]
        return "\n".join([f"commit {what} made {len(made)} version(s) of {registry.name}:", *lines])
    for run in mlflow.search_runs([experiment], output_format="list"):
        if what in (run.info.run_id, run.info.run_name, run.data.tags.get(runs.KEY_TAG)):
            mine = [v.version for v in versions if v.tags.get("run_id") == run.info.run_id]
            return _run(run) + f"\n  versions   {', '.join(map(str, mine)) or 'none'}"
    raise WeldspotError(
        f"lineage {what}: no run, version of {registry.name}, SHA-256 or commit of that name at "
        f"{redact(mlflow.get_tracking_uri(), workspace.settings.secrets())}; see `make ui`"
    )


def _names(version: "ModelVersion", what: str, aliases: dict[str, str]) -> bool:
    if what in (str(version.version), f"{version.name}/{version.version}"):
        return True
    if len(what) >= 8 and version.tags.get(SHA_TAG, "").startswith(what):
        return True
    return aliases.get(what, "") == str(version.version)


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
