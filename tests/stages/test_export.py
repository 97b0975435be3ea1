"""The export stage on a model that has learnt nothing: its checks say so."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny
import tiny_workspace
from weld_classes import CLASSES, LABELS, WELD

from weldspot.config.sections.export import Checks, Export
from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.config.sections.source import SampleSource
from weldspot.config.sections.tracking import Tracking
from weldspot.contracts.manifest import Manifest
from weldspot.images import dataset
from weldspot.model.evaluation import reference
from weldspot.model.export.phone_model import PhoneModel
from weldspot.registry.model_registry import CHECKS_TAG, STAGING, ModelRegistry
from weldspot.stages import export
from weldspot.workspace import Workspace

pytestmark = [  # TensorFlow's own, about itself
    pytest.mark.filterwarnings("ignore:Statistics for quantized inputs"),
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated"),
]
LENIENT = Checks(
    min_mean_average_precision=0.0,
    min_mean_roc_auc=0.0,
    max_average_precision_loss=1.0,
    max_probability_gap=1.0,
    max_megabytes=5.0,
)


def params(checks: Checks = LENIENT) -> export.Params:
    denoise = Denoise(median=0, gaussian=0, bilateral=0)
    return export.Params(
        labels=LABELS,
        export=Export(calibration_images=8, checks=checks),
        preprocess=Preprocess(size=tiny.SIZE, fit="letterbox", denoise=denoise, jpeg_quality=95),
        source=SampleSource(
            name="sample",
            path="src",
            background="none",
            images=42,
            size=96,
            seed=7,
            classes=[],
            aliases={},
            exclusive=False,
        ),
        tracking=Tracking(experiment="weldspot", model="weldspot"),
    )


@pytest.fixture
def workspace(tmp_path: Path, mlflow_tables: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """As evaluate leaves it; its reference has another model's scores."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    found = Workspace(tmp_path)
    tiny_workspace.fill(found)
    tiny_workspace.train(found)
    shutil.copy(mlflow_tables, found.mlflow_database)
    folder = found.artifact("evaluate")
    folder.mkdir()
    (folder / "thresholds.json").write_text(json.dumps(dict.fromkeys(CLASSES, 0.25)))
    (folder / "free_below.json").write_text(json.dumps({"Crack": 0.03}))
    (folder / "slices.json").write_text(json.dumps({"source=export": [0.9, 0.8, 1.0]}))
    parts = [(split, dataset.load(found, WELD, split)) for split in ("val", "test")]
    tables = [reference.predictions(split, images, np.zeros((len(images), 7))) for split, images in parts]
    pq.write_table(pa.concat_tables(tables), folder / "reference.parquet")
    with tiny.small_backbone():
        yield found
    mlflow.set_tracking_uri(None)


def test_files_manifest_card_and_a_version_that_is_staging(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = params()
    export.main(workspace, chosen)
    folder = workspace.artifact("export")
    file = folder / export.MAIN
    manifest = Manifest.read(folder / "manifest.json")
    assert (manifest.file, manifest.bytes) == (export.MAIN, file.stat().st_size)
    assert manifest.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (manifest.input.side, manifest.input.dtype, manifest.input.resize) == (tiny.SIZE, "uint8", "letterbox")
    assert manifest.thresholds == dict.fromkeys(CLASSES, 0.25)
    assert manifest.free_below == {"Crack": 0.03}
    assert manifest.checks_passed
    assert (manifest.git_commit, manifest.mlflow.key) == ("none", tiny_workspace.KEY)
    assert (folder / "manifest.json").read_bytes() == manifest.json_bytes()

    checks = json.loads((workspace.report("export") / "checks.json").read_text())
    assert list(checks) == ["passed", "checks", "files"]
    assert list(checks["files"]) == [export.MAIN, export.HALF]
    assert checks["files"][export.MAIN]["mean_roc_auc"] == manifest.metrics.mean_roc_auc
    card = (workspace.report("export") / "model_card.md").read_text()
    assert "**Verdict: passes its checks**" in card
    assert "mobilenet_025, 64×64 pixels" in card
    assert "rendered, not taken** (42 photographs, seed 7;" in card
    assert manifest.unknown == []

    kept = pq.read_table(folder / "reference.parquet")
    val, test = (dataset.load(workspace, WELD, split) for split in ("val", "test"))
    phone = PhoneModel(file)
    expected = np.concatenate([phone.predict(images)[0] for images in (val, test)])
    np.testing.assert_array_equal(np.stack([kept[name].to_numpy() for name in CLASSES], axis=1), expected)
    members = pq.read_table(folder / "membership.parquet")
    assert members.column_names == ["id", "group", "split"]
    assert members["split"].to_pylist() == tiny_workspace.SPLITS

    registry = ModelRegistry(workspace, chosen.tracking)
    assert registry.aliases() == {STAGING: "1"}
    assert registry.find(manifest.sha256) == "1"
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "export: converting to int8 and float16"
    assert said[-1].startswith("export: model-int8.tflite: mean AP ")
    assert said[-1].endswith("version 1 is staging")


def test_a_file_that_fails_its_checks_is_a_version_and_not_staging(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = params(LENIENT.model_copy(update={"min_mean_average_precision": 0.99}))
    export.main(workspace, chosen)
    assert not Manifest.read(workspace.artifact("export") / "manifest.json").checks_passed
    registry = ModelRegistry(workspace, chosen.tracking)
    assert registry.aliases() == {}
    assert registry.tags("1")[CHECKS_TAG] == "failed"
    said = capsys.readouterr().out
    assert "version 1 is not staging, since mean average precision: " in said
    assert "**Verdict: does not pass its checks**" in (workspace.report("export") / "model_card.md").read_text()


def test_a_class_without_photographs_is_unknown_everywhere_and_never_called(workspace: Workspace) -> None:
    """Two of the classes are in no photograph of validation, one of them in none at all."""
    rows = pq.read_table(workspace.split_manifest)
    number = [int(name, 16) for name in rows["id"].to_pylist()]
    gone = [
        n % 7 == 2 or (n % 7 == 5 and split == "val")
        for n, split in zip(number, rows["split"].to_pylist(), strict=True)
    ]
    pq.write_table(rows.filter(pa.array([not one for one in gone])), workspace.split_manifest)
    kept = pq.read_table(workspace.artifact("evaluate") / "reference.parquet")
    left = set(rows.filter(pa.array([not one for one in gone]))["id"].to_pylist())
    mask = pa.array([name in left for name in kept["id"].to_pylist()])
    pq.write_table(kept.filter(mask), workspace.artifact("evaluate") / "reference.parquet")
    export.main(workspace, params())
    manifest = Manifest.read(workspace.artifact("export") / "manifest.json")
    assert manifest.unknown == ["Crack", "Porosity"]
    assert (manifest.thresholds["Crack"], manifest.thresholds["Porosity"], manifest.thresholds["Splatters"]) == (
        1,
        1,
        0.25,
    )
    checks = json.loads((workspace.report("export") / "checks.json").read_text())["checks"]
    assert checks[0]["reason"].split(",")[0].endswith(" over 6 of 7 classes")
    assert checks[-1]["reason"] == (
        "5 of 7; unknown, and never shown on a phone: Crack (none in train, none in val, none in test); "
        "Porosity (none in val)"
    )
    assert "**It does not know Crack, Porosity**" in (workspace.report("export") / "model_card.md").read_text()
