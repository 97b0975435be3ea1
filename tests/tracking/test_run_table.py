"""What MLflow's pages open with."""

import json

import mlflow

from weldspot.config.sections.tracking import Tracking
from weldspot.tracking import run_table, runs
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


def test_an_experiment_says_what_it_is_and_its_table_shows_scores(workspace: Workspace) -> None:
    for section in (SECTION, run_table.monitoring(SECTION)):
        found = mlflow.get_experiment(runs.connect(workspace, section))
        assert found.name == section.experiment
        assert found.tags[run_table.NOTE].startswith("A run for each ")
        columns = json.loads(found.tags["mlflow.sharedViewState.weldspot"])["selectedColumns"]
        assert [column for column in columns if column.startswith("metrics.`")]
    assert (
        "metrics.`test.average_precision`"
        in json.loads(run_table.tags(SECTION)["mlflow.sharedViewState.weldspot"])["selectedColumns"]
    )


def test_one_of_older_code_is_described_and_what_people_wrote_stays(workspace: Workspace) -> None:
    runs.connect(workspace, SECTION.model_copy(update={"experiment": "another"}))  # points MLflow here
    made = mlflow.create_experiment("weldspot", tags={run_table.NOTE: "the welds of hall 3"})
    assert runs.connect(workspace, SECTION) == made
    tags = mlflow.get_experiment(made).tags
    assert tags[run_table.NOTE] == "the welds of hall 3"
    assert tags["mlflow.experiment.primaryMetric.name"] == "test.average_precision"
