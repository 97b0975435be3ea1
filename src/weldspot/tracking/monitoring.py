"""The gate's verdicts in MLflow, in an experiment of their own: every statistic, the verdict, the report."""

from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.sections.tracking import Tracking
from weldspot.contracts.verdict import Verdict
from weldspot.runtime.redaction import redact
from weldspot.tracking import run_table, runs

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def record_verdict(workspace: "Workspace", section: Tracking, verdict: Verdict, report: Path) -> None:
    """A run for a verdict, with the folder of its report."""
    import mlflow

    experiment = runs.connect(workspace, run_table.monitoring(section))
    model = {"model.version": verdict.model.version, "model.sha256": verdict.model.sha256}
    tags = {"outcome": verdict.outcome} | model
    with mlflow.start_run(experiment_id=experiment, run_name=f"gate-{verdict.at}", tags=tags):
        note = "\n- ".join([f"**{verdict.outcome}**", *verdict.reasons])
        mlflow.set_tag(run_table.NOTE, redact(note, workspace.settings.secrets()))
        statistics = verdict.statistics or []
        mlflow.log_metrics({_metric(row.name): row.value for row in statistics})
        mlflow.log_metrics({f"limit.{_metric(row.name)}": row.limit for row in statistics})
        mlflow.log_metric("images", verdict.images)
        if reviewed := sum(one.reviewed for one in verdict.uploaders):  # of each uploader: verdict.json, below
            errors = sum(one.errors for one in verdict.uploaders)
            mlflow.log_metrics({"reviews": reviewed, "reviews.agreement": 1 - errors / reviewed})
        mlflow.log_artifacts(str(report))


def _metric(name: str) -> str:
    return name.replace(": ", ".")
