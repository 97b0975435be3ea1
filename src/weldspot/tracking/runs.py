"""MLflow runs: train opens one, evaluate and export add to it."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from urllib.parse import quote

from weldspot.config.parameters import Params
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import lineage_tags
from weldspot.tracking.experiment_key import read_key

KEY_TAG = "weldspot.key"


def connect(params: Params) -> str:
    """Points MLflow at MLFLOW_TRACKING_URI, else at mlflow.db in the repository; returns the experiment's id."""
    import mlflow
    from sqlalchemy.exc import SQLAlchemyError

    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.ERROR)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # files of a few megabytes
    root = lineage_tags.main_root(Path.cwd())
    own = not os.environ.get("MLFLOW_TRACKING_URI")  # an unset secret of a CI job arrives empty
    if own:
        os.environ.pop("MLFLOW_TRACKING_URI", None)
        mlflow.set_tracking_uri(f"sqlite:///{quote(str(root / 'mlflow.db'))}")
    try:
        found = mlflow.get_experiment_by_name(params.tracking.experiment)
        if found:
            if found.lifecycle_stage == "deleted":
                mlflow.MlflowClient().restore_experiment(found.experiment_id)
            return found.experiment_id
        place = (root / "mlartifacts").as_uri() if own else None
        return mlflow.create_experiment(params.tracking.experiment, artifact_location=place)
    except (mlflow.MlflowException, SQLAlchemyError) as error:
        line = " ".join(str(error).split())[:200]
        raise WeldspotError(f"MLflow at {mlflow.get_tracking_uri()} does not answer ({line})") from error


class Run:
    """One MLflow run that is open for logging."""

    def __init__(self, run_id: str) -> None:
        self.id = run_id

    def metrics(self, values: dict[str, float], step: int | None = None) -> None:
        import mlflow

        known = {name: float(value) for name, value in values.items() if value is not None and not isnan(value)}
        mlflow.log_metrics(known, step=step)

    def artifacts(self, path: Path) -> None:
        """A file, or a folder under its own name."""
        import mlflow

        if path.is_dir():
            mlflow.log_artifacts(str(path), path.name)
        else:
            mlflow.log_artifact(str(path))

    def tags(self, values: dict[str, str]) -> None:
        import mlflow

        mlflow.set_tags(values)


def _flat(values: dict, prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def _find(experiment: str, key: str, extra: str = "") -> str | None:
    import mlflow

    found = mlflow.search_runs(
        [experiment], f"tags.`{KEY_TAG}` = '{key}'{extra}", max_results=1,
        order_by=["attributes.start_time DESC"], output_format="list",
    )  # fmt: skip
    return found[0].info.run_id if found else None


@contextmanager
def _open(params: Params, experiment: str, key: str, run_id: str | None, name: str, stage: str) -> Iterator[Run]:
    import mlflow

    # the key goes in as the run is made: one killed a moment later is found again by it
    with mlflow.start_run(
        run_id=run_id, experiment_id=experiment, run_name=None if run_id else name, tags={KEY_TAG: key},
        log_system_metrics=stage == "train",
    ) as active:  # fmt: skip
        run = Run(active.info.run_id)
        run.tags(lineage_tags.data_tags(stage) | ({} if run_id else lineage_tags.tags()))
        known = mlflow.get_run(run.id).data.params if run_id else {}  # MLflow lets no parameter change
        values = _flat(params.model_dump(exclude={"loop"}))
        mlflow.log_params({name: value for name, value in values.items() if name not in known})
        yield run


@contextmanager
def training_run(params: Params, key: str) -> Iterator[Run]:
    """The run of a training: a new one, or the one that a killed training of the same key left open."""
    experiment = connect(params)
    name = os.environ.get("DVC_EXP_NAME") or f"{params.training.name}-{key[:8]}"
    left_open = _find(experiment, key, " and attributes.status = 'RUNNING'")
    with _open(params, experiment, key, left_open, name, "train") as run:
        yield run


@contextmanager
def stage_run(params: Params, stage: str) -> Iterator[Run]:
    """The run of the model in artifacts/train; a new one where this MLflow never saw it trained (a cached model)."""
    key = read_key()
    experiment = connect(params)
    with _open(params, experiment, key, _find(experiment, key), f"{stage}-{key[:8]}", stage) as run:
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
