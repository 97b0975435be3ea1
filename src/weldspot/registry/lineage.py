"""From a model back to what made it, and from a commit to the models it made."""

import re

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import lineage_tags, runs
from weldspot.registry.registration import SHA_TAG


def describe(what: str) -> str:
    """A page of text for an MLflow run id or name, a model version or alias, a SHA-256 of a .tflite or a commit."""
    params = parameters.load()
    experiment, name = runs.connect(params), params.tracking.model
    client = mlflow.MlflowClient()
    versions = client.search_model_versions(f"name = '{name}'")
    chosen = [v for v in versions if _names(v, what, client, name)]
    if chosen:
        return "\n\n".join(_version(v, client) for v in chosen)
    made = [v for v in versions if _made_by(v, what)]
    if made:
        lines = [f"  version {v.version}  {v.tags.get(SHA_TAG, '')[:12]}  checks {v.tags.get('checks')}" for v in made]
        return "\n".join([f"commit {what} made {len(made)} version(s) of {name}:", *lines])
    for run in mlflow.search_runs([experiment], output_format="list"):
        if what in (run.info.run_id, run.info.run_name, run.data.tags.get(runs.KEY_TAG)):
            mine = [v.version for v in versions if v.tags.get("run_id") == run.info.run_id]
            return _run(run) + f"\n  versions   {', '.join(map(str, mine)) or 'none'}"
    raise WeldspotError(
        f"lineage {what}: no run, version of {name}, SHA-256 or commit of that name at {mlflow.get_tracking_uri()}; "
        "see `make ui`"
    )


def _names(version: ModelVersion, what: str, client: mlflow.MlflowClient, name: str) -> bool:
    if what in (str(version.version), f"{name}/{version.version}"):
        return True
    if len(what) >= 8 and version.tags.get(SHA_TAG, "").startswith(what):
        return True
    aliases = client.get_registered_model(name).aliases
    return str(aliases.get(what, "")) == str(version.version)


def _made_by(version: ModelVersion, commit: str) -> bool:
    """Whether it was made at this commit, or before it and recorded in this commit's dvc.lock."""
    if not re.fullmatch("[0-9a-f]{7,40}", commit):
        return False
    known = version.tags.get("git.commit", "").startswith(commit)
    return known or version.tags.get("dvc.lock", "none") == lineage_tags.lock_hash(commit) != "none"


def _version(version: ModelVersion, client: mlflow.MlflowClient) -> str:
    head = f"{version.name} version {version.version}\n  sha256     {version.tags.get(SHA_TAG)}"
    head += f"\n  checks     {version.tags.get('checks')}"
    try:
        return f"{head}\n{_run(client.get_run(version.tags['run_id']))}"
    except mlflow.MlflowException:
        return f"{head}\n  run        {version.tags.get('run_id')} (no longer in this MLflow)"


def _run(run: Run) -> str:
    tags = run.data.tags
    data = {k.removeprefix("dvc.out."): v for k, v in tags.items() if k.startswith("dvc.out.")}
    lines = [
        f"  run        {run.info.run_name} ({run.info.run_id})",
        f"  commit     {tags.get('git.commit')}{' + uncommitted changes' if tags.get('git.dirty') == 'true' else ''}",
        f"  dvc.lock   {tags.get('dvc.lock')}",
        *(f"  data       {path}  {md5}" for path, md5 in sorted(data.items())),
        *(f"  param      {key} = {value}" for key, value in sorted(run.data.params.items())),
    ]
    return "\n".join(lines)
