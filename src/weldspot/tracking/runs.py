"""MLflow runs: train opens one, evaluate and export add to it."""

import getpass
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from weldspot.config.sections.tracking import Tracking
from weldspot.config.yaml_mapping import flatten, read
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.redaction import redact
from weldspot.tracking import database, lineage_tags, run_table
from weldspot.tracking.experiment_key import read_key

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

KEY_TAG = "weldspot.key"
RETRIES = "MLFLOW_HTTP_REQUEST_MAXRETRIES"
# MLflow would write into that run or model, or read its registry from there
_OF_ANOTHER_PROJECT = (
    "MLFLOW_RUN_ID", "MLFLOW_RUN_NAME", "MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_ACTIVE_MODEL_ID",
    "_MLFLOW_ACTIVE_MODEL_ID",
)  # fmt: skip


def connect(workspace: "Workspace", section: Tracking) -> str:
    """Points MLflow at MLFLOW_TRACKING_URI, else at mlflow.db in the repository; returns the experiment's id.

    Raises WeldspotError when it does not answer.
    """
    import mlflow
    from sqlalchemy.exc import SQLAlchemyError

    for name in _OF_ANOTHER_PROJECT:
        os.environ.pop(name, None)
    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.ERROR)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # files of a few megabytes
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"  # the address with what it may hold, for each run
    _name_the_user()
    own = not os.environ.get("MLFLOW_TRACKING_URI")  # an unset secret of a CI job arrives empty
    mlflow.set_tracking_uri(
        f"sqlite:///{quote(str(workspace.mlflow_database))}" if own else os.environ["MLFLOW_TRACKING_URI"]
    )
    if own:
        os.environ.pop("MLFLOW_TRACKING_URI", None)  # MLflow leaves it there, where another workspace would obey it
        os.environ.pop("MLFLOW_REGISTRY_URI", None)  # versions without the runs that made them
    address = mlflow.get_tracking_uri()
    place = workspace.mlflow_artifacts.as_uri() if database.is_one(address) else None  # a server says where itself
    try:
        with database.opening(workspace, address, own), _soon():
            return _experiment(section, place)
    except (mlflow.MlflowException, SQLAlchemyError) as error:
        # whole, then cut: half a password would not be known as one
        line = redact(" ".join(str(error).split()), workspace.settings.secrets())[:200]
        where = redact(address, workspace.settings.secrets())
        raise WeldspotError(f"MLflow at {where} does not answer ({line})") from error


@contextmanager
def _soon() -> Iterator[None]:
    """A server that is not there is told of in half a minute; MLflow would try for four, as it does from here on."""
    if RETRIES in os.environ:
        yield
        return
    os.environ[RETRIES] = "4"
    try:
        yield
    finally:
        os.environ.pop(RETRIES, None)


def _name_the_user() -> None:
    """MLflow asks the system's table who runs this, and fails where a container's user id is in none."""
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["LOGNAME"] = f"uid {os.getuid()}"


def _experiment(section: Tracking, place: str | None) -> str:
    """The id of the section's experiment, made with artifacts at `place` if there is none."""
    import mlflow

    found = mlflow.get_experiment_by_name(section.experiment)
    if found is None:
        try:
            made = str(mlflow.create_experiment(section.experiment, place, run_table.tags(section)))
            if place:
                _hide_default()
            return made
        except mlflow.MlflowException as error:
            found = mlflow.get_experiment_by_name(section.experiment)  # another was faster
            if found is None:
                raise error
    run_table.describe(section, found)
    if found.lifecycle_stage == "deleted":
        mlflow.MlflowClient().restore_experiment(found.experiment_id)
    return str(found.experiment_id)


def _hide_default() -> None:
    """MLflow makes an experiment "Default" in every new database; empty, it is all that its first page would say.

    Deleted in its sense: MLflow's page brings it back with a click.
    """
    import mlflow
    from mlflow.entities import ViewType

    client = mlflow.MlflowClient()
    default = client.get_experiment_by_name("Default")
    if default is None or default.lifecycle_stage == "deleted":
        return
    if not client.search_runs([default.experiment_id], run_view_type=ViewType.ALL, max_results=1):
        client.delete_experiment(default.experiment_id)


class Run:
    """One MLflow run that is open for logging."""

    def __init__(self, run_id: str, secrets: Set[str] = frozenset()) -> None:
        self.id = run_id
        self._secrets = secrets

    def metrics(self, values: Mapping[str, float | None], step: int | None = None) -> None:
        """Logs the values that are numbers."""
        import mlflow

        known = {name: float(value) for name, value in values.items() if value is not None and not isnan(value)}
        mlflow.log_metrics(known, step=step)

    def artifacts(self, path: Path) -> None:
        """Logs a file, or a folder under its own name."""
        import mlflow

        if path.is_dir():
            mlflow.log_artifacts(str(path), path.name)
        else:
            mlflow.log_artifact(str(path))

    def describe(self, text: str) -> None:
        """What is to be read above the run, in Markdown."""
        self.tags({run_table.NOTE: text})

    def tags(self, values: dict[str, str]) -> None:
        """Sets tags of the run, secrets blanked out."""
        import mlflow

        mlflow.set_tags({name: redact(value, self._secrets) for name, value in values.items()})


@contextmanager
def training_run(workspace: "Workspace", section: Tracking, name: str, key: str) -> Iterator[Run]:
    """The run of a training: a new one, or the one that a killed training of the same key left open."""
    experiment = connect(workspace, section)
    left_open = _find(experiment, key, " and attributes.status = 'RUNNING'")
    with _open(workspace, experiment, key, left_open, name, "train") as run:
        yield run


@contextmanager
def stage_run(workspace: "Workspace", section: Tracking, stage: str) -> Iterator[Run]:
    """The run of the model in artifacts/train; a new one where this MLflow never saw it trained (a cached model)."""
    key = read_key(workspace)
    experiment = connect(workspace, section)
    with _open(workspace, experiment, key, _find(experiment, key), f"{stage}-{key[:8]}", stage) as run:
        yield run


def log_dataset(path: Path, digest: str, rows: int, context: str) -> None:
    """A dataset input: MLflow refuses dvc:// sources, so the path is the source and the DVC md5 the digest."""
    import mlflow
    import pandas as pd
    from mlflow.data.pandas_dataset import from_pandas

    frame = pd.DataFrame({"rows": [float(rows)]})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The specified dataset source can be interpreted in multiple ways")
        dataset = from_pandas(frame, source=str(path), name=path.name, digest=digest[:36])
    mlflow.log_input(dataset, context)


@contextmanager
def _open(
    workspace: "Workspace", experiment: str, key: str, run_id: str | None, name: str, stage: str
) -> Iterator[Run]:
    import mlflow

    # the key goes in as the run is made: one killed a moment later is found again by it
    with mlflow.start_run(
        run_id=run_id, experiment_id=experiment, run_name=None if run_id else name, tags={KEY_TAG: key},
        log_system_metrics=stage == "train",
    ) as active:  # fmt: skip
        run = Run(active.info.run_id, workspace.settings.secrets())
        root = workspace.root
        run.tags(lineage_tags.data_tags(root, stage) | ({} if run_id else lineage_tags.tags(root)))
        known = mlflow.get_run(run.id).data.params if run_id else {}  # MLflow lets no parameter change
        mlflow.log_params({name: value for name, value in _parameters(workspace).items() if name not in known})
        yield run


def _find(experiment: str, key: str, extra: str = "") -> str | None:
    import mlflow

    found = mlflow.search_runs(
        [experiment], f"tags.`{KEY_TAG}` = '{key}'{extra}", max_results=1,
        order_by=["attributes.start_time DESC"], output_format="list",
    )  # fmt: skip
    return str(found[0].info.run_id) if found else None


def _parameters(workspace: "Workspace") -> dict[str, object]:
    """Every value of params.yaml that the graph may read, by its dotted key."""
    values = flatten({name: value for name, value in read(workspace.params).items() if name != "loop"})
    secrets = workspace.settings.secrets()
    return {name: redact(value, secrets) if isinstance(value, str) else value for name, value in values}
