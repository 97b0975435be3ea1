"""What MLflow's pages say and show of an experiment: a description, and a table of runs with their scores.

The table is a saved view of MLflow's, kept as a tag of the experiment; `make ui` prints the address that opens it.
"""

import json
from typing import TYPE_CHECKING, Final

from weldspot.config.sections.tracking import Tracking

if TYPE_CHECKING:
    from mlflow.entities import Experiment

NOTE: Final = "mlflow.note.content"
VIEW: Final = "weldspot"
_VIEW_TAG: Final = f"mlflow.sharedViewState.{VIEW}"
_MONITORING: Final = "-monitoring"
_SCORES = ("test.average_precision", "test.roc_auc", "export.int8.mean_average_precision")
_VERDICTS = ("images", "embedding")
_ABOUT = (
    "A run for each training: its curves by epoch, then the scores of evaluate and the phone's file of export. "
    "`test.*` are of scenes that no training has seen; `export.int8.*` are of the file that phones run. "
    "What a run was made of: its tags `git.commit` and `dvc.lock`, or `weldspot lineage <run id>`."
)
_ABOUT_MONITORING = (
    "A run for each verdict of the drift gate (`weldspot gate`): every statistic, its limit, and the report among the "
    "artifacts."
)


def monitoring(section: Tracking) -> Tracking:
    """The section whose experiment is that of the gate's verdicts."""
    return section.model_copy(update={"experiment": f"{section.experiment}{_MONITORING}"})


def tags(section: Tracking) -> dict[str, str]:
    """Of the experiment that the section names."""
    gate = section.experiment.endswith(_MONITORING)
    metrics = _VERDICTS if gate else _SCORES
    columns = [f"metrics.`{name}`" for name in metrics]
    shown = ["attributes.`Created`", "tags.`outcome`" if gate else "attributes.`Models`"]
    view = {"selectedColumns": [*shown, *columns], "runsExpanded": {}, "viewMaximized": False}
    return {
        NOTE: _ABOUT_MONITORING if gate else _ABOUT,
        "mlflow.experiment.primaryMetric.name": metrics[0],
        "mlflow.experimentKind": "custom_model_development",
        _VIEW_TAG: json.dumps(view),
    }


def describe(section: Tracking, found: "Experiment") -> None:
    """Adds what an experiment of older code lacks; what someone has written stays."""
    import mlflow

    for key, value in tags(section).items():
        if key not in found.tags:
            mlflow.MlflowClient().set_experiment_tag(found.experiment_id, key, value)
