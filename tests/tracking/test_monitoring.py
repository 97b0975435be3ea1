"""A verdict is a run of the monitoring experiment."""

import mlflow
from contract_examples import verdict

from weldspot.config.sections.tracking import Tracking
from weldspot.contracts.verdict import Statistic
from weldspot.tracking.monitoring import record_verdict
from weldspot.workspace import Workspace


def test_statistics_limits_and_the_report_are_kept(workspace: Workspace) -> None:
    report = workspace.report("gate")
    report.mkdir(parents=True)
    (report / "report.html").write_text("<html>")
    row = Statistic(name="quality: noise", value=0.5, limit=0.25, moved=True, reference=1.0, feedback=2.0)
    said = verdict(outcome="drift", reasons=["noise: median 1.0 was"], statistics=[row], images=60)
    record_verdict(workspace, Tracking(experiment="weldspot", model="weldspot"), said, report)
    experiment = mlflow.get_experiment_by_name("weldspot-monitoring")
    (run,) = mlflow.search_runs([experiment.experiment_id], output_format="list")
    assert run.data.metrics == {"quality.noise": 0.5, "limit.quality.noise": 0.25, "images": 60.0}
    assert run.data.tags["outcome"] == "drift"
    assert run.data.tags["model.version"] == said.model.version
    assert "noise: median" in run.data.tags["mlflow.note.content"]
    assert [file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id)] == ["report.html"]
