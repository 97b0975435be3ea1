"""The evaluate stage on a model that has learnt nothing."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import keras
import mlflow
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import tiny
import tiny_workspace
from weld_classes import CLASSES, NAMES, WELD

from weldspot.config.sections.evaluate import Evaluate
from weldspot.config.sections.tracking import Tracking
from weldspot.images import dataset
from weldspot.model.evaluation import class_thresholds, curves, heatmaps, metrics, nearest_scenes, out_of_fold
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import evaluate
from weldspot.workspace import Workspace

PARAMS = evaluate.Params(
    labels=NAMES,
    evaluate=Evaluate(bootstrap=20, confidence=0.9, calibration_bins=10, seed=0),
    tracking=Tracking(experiment="weldspot", model="weldspot"),
)


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take longer to draw than all the rest."""
    for module, name in ((curves, "write_curves"), (heatmaps, "write_heatmaps"), (nearest_scenes, "write")):
        monkeypatch.setattr(module, name, lambda *_: None)


@pytest.fixture
def workspace(tmp_path: Path, mlflow_tables: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    found = Workspace(tmp_path)
    tiny_workspace.fill(found)
    shutil.copy(mlflow_tables, found.mlflow_database)
    with tiny.small_backbone():
        yield found
    mlflow.set_tracking_uri(None)


def welds_among_crops(workspace: Workspace, score: keras.Model) -> int:
    thresholds = json.loads((workspace.artifact("evaluate") / "thresholds.json").read_text())
    count = 0
    for split in ("val", "test"):
        images = dataset.load(workspace, WELD, split)
        crops = images.take(np.arange(1, 14, 2))  # every second image of tiny_workspace is one
        for row in predict(score, crops)[0]:
            count += any(p >= thresholds[name] for name, p in zip(CLASSES, row, strict=True) if name != "Background")
    return count


def test_scores_thresholds_predictions_reference_and_pictures(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    score = classifier.scorer(tiny_workspace.train(workspace), False)
    evaluate.main(workspace, PARAMS)
    val, test = (dataset.load(workspace, WELD, split) for split in ("val", "test"))
    val_scores, test_scores = (predict(score, images)[0] for images in (val, test))

    thresholds = json.loads((workspace.artifact("evaluate") / "thresholds.json").read_text())
    assert thresholds == dict(
        zip(CLASSES, class_thresholds.best_thresholds(val.labels, val_scores).round(6).tolist(), strict=True)
    )
    found = json.loads(workspace.metrics.read_text())
    assert list(found) == [
        "images",
        "mean",
        "per_class",
        "confidence_interval",
        "slices",
        "missed",
        "where",
        "background_crops",
    ]
    assert found["images"] == 14
    mean = round(metrics.mean(metrics.average_precision(test.labels, test_scores)), 6)
    assert found["mean"]["average_precision"] == mean
    low, high = found["confidence_interval"]["average_precision"]
    assert 0 <= low <= high <= 1
    slices = {name: part["images"] for name, part in found["slices"].items()}
    assert (slices["source=export"], slices["source=crop"], slices["augmented=yes"]) == (7, 7, 14)
    assert sum(count for name, count in slices.items() if name.startswith("sharpness=")) == 14

    predictions = pq.read_table(workspace.artifact("evaluate") / "predictions.parquet")
    assert predictions["id"].to_pylist() == [*val.ids, *test.ids]
    assert predictions["split"].to_pylist() == ["val"] * 14 + ["test"] * 14
    written = np.stack([predictions[name].to_numpy() for name in CLASSES], axis=1)
    np.testing.assert_allclose(written, np.concatenate([val_scores, test_scores]), atol=1e-6)
    reference = pq.read_table(workspace.artifact("evaluate") / "reference.parquet")
    assert reference.select(predictions.column_names).equals(predictions)
    assert len(reference["embedding"][0].as_py()) == 1280
    pictures = ["confusion.csv", "heatmaps.png", "nearest_scenes.csv", "nearest_scenes.png", "precision_recall.csv",
                "precision_recall.png", "reliability.csv", "reliability.png", "roc.csv", "roc.png"]  # fmt: skip
    assert sorted(path.name for path in workspace.report("evaluate").iterdir()) == pictures

    (run,) = mlflow.search_runs(search_all_experiments=True, output_format="list")
    assert run.data.metrics["test.average_precision"] == mean
    assert run.data.metrics["test.Crack.roc_auc"] == found["per_class"]["Crack"]["roc_auc"]
    assert run.data.tags["mlflow.note.content"].startswith(f"mean AP **{mean:.4f}**, mean ROC AUC **")
    first, second, places, unsure, likeness, last = capsys.readouterr().out.splitlines()
    assert places.startswith("evaluate: the maps point into a box in ")
    assert [row["images"] for row in found["where"].values()] == [2] * 6
    levels = json.loads((workspace.artifact("evaluate") / "free_below.json").read_text())
    assert levels == {c: row["free_below"] for c, row in found["missed"].items() if row["free_below"] is not None}
    assert unsure == (
        "evaluate: too few scenes to bound what is missed of Bad Welding (2), Crack (2), Excess Reinforcement (2), "
        "Good Welding (2), Porosity (2), Splatters (2)"
    )
    assert likeness.startswith("evaluate: from a test scene to the nearest of 7 training photographs it is 0.")
    crops = found["background_crops"]
    assert crops == {"images": 14, "scored_as_object": welds_among_crops(workspace, score)}
    assert first == "evaluate: 14 validation, 14 test and 14 robustness images"
    assert second == (
        f"evaluate: the model sees something in {crops['scored_as_object']} of 14 Background crops of validation and "
        "test"
    )
    assert last == (
        f"evaluate: mean AP {mean} (90% interval {low} to {high}), mean AUC {found['mean']['roc_auc']}; "
        "pictures in reports/evaluate/"
    )


def test_without_test_images_there_is_one_clear_line(workspace: Workspace) -> None:
    tiny_workspace.train(workspace)
    rows = pq.read_table(workspace.split_manifest)
    pq.write_table(rows.filter(pc.not_equal(rows["split"], "test")), workspace.split_manifest)
    with pytest.raises(WeldspotError, match="no images to evaluate on"):
        evaluate.main(workspace, PARAMS)
    assert not workspace.artifact("evaluate").exists()


def test_without_a_model_it_says_what_to_do(workspace: Workspace) -> None:
    with pytest.raises(WeldspotError, match="dvc repro train"):
        evaluate.main(workspace, PARAMS)


@pytest.mark.usefixtures("without_pictures")
def test_a_class_that_the_test_photographs_lack_is_named(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_workspace.train(workspace)
    rows = pq.read_table(workspace.split_manifest)
    cracks = [int(name, 16) % 7 == CLASSES.index("Crack") for name in rows["id"].to_pylist()]
    pq.write_table(rows.filter(pa.array([not one for one in cracks])), workspace.split_manifest)
    evaluate.main(workspace, PARAMS)
    assert "evaluate: warning: no score for Crack: on none of the test photographs" in capsys.readouterr().out
    found = json.loads(workspace.metrics.read_text())
    assert found["per_class"]["Crack"]["average_precision"] is found["per_class"]["Crack"]["f1"] is None


@pytest.mark.usefixtures("without_pictures")
def test_scores_out_of_fold_choose_the_thresholds_and_are_the_first_figure(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_workspace.train(workspace)
    every = dataset.load(workspace, WELD, "train", "val", "test", variants=False)
    rng = np.random.default_rng(3)
    said = np.clip(every.labels * 0.4 + rng.uniform(0, 0.5, every.labels.shape), 0, 1).astype(np.float32)
    groups = every.groups.tolist()
    table = {"id": every.ids, "group": groups, "fold": [int(g.split()[1]) % 3 for g in groups], "scores": list(said)}
    pq.write_table(pa.table(table), workspace.artifact("train") / out_of_fold.FILE)
    evaluate.main(workspace, PARAMS)
    thresholds = json.loads((workspace.artifact("evaluate") / "thresholds.json").read_text())
    assert list(thresholds.values()) == class_thresholds.best_thresholds(every.labels, said).round(6).tolist()
    report = json.loads(workspace.metrics.read_text())["out_of_fold"]
    wanted = round(metrics.mean(metrics.average_precision(every.labels, said)), 6)
    assert (report["images"], report["scenes"], report["mean"]["average_precision"]) == (42, 21, wanted)
    assert f"every one of 21 scenes scored by a model that has not seen it (3 folds): mean AP {wanted}" in (
        capsys.readouterr().out
    )
    (run,) = mlflow.search_runs(search_all_experiments=True, output_format="list")
    assert run.data.metrics["out_of_fold.average_precision"] == wanted
