"""The train stage, with MLflow's part noted down instead of recorded; the recorder has its own tests."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow.parquet as pq
import pytest
import tiny
import tiny_workspace
from weld_classes import NAMES, WELD

from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.config.sections.tracking import Tracking
from weldspot.model.evaluation import out_of_fold
from weldspot.model.network import classifier
from weldspot.runtime.devices import nvidia
from weldspot.runtime.devices.nvidia import Card
from weldspot.runtime.errors import WeldspotError
from weldspot.stages import train
from weldspot.tracking.experiment_key import experiment_key, read_key
from weldspot.workspace import Workspace


class Notes:
    """What a recorder was told."""

    def __init__(self, workspace: Workspace, section: Tracking, name: str, key: str) -> None:
        self.name, self.key = name, key
        self.logged: list[tuple[dict[str, float], int]] = []
        self.data: list[tuple[str, str, int]] = []
        self.files: list[Path] = []
        self.tagged: dict[str, str] = {}
        self.paces: list[tuple[dict[str, float], int]] = []
        MADE.append(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self) -> None:
        pass

    def tags(self, values: dict[str, str]) -> None:
        self.tagged |= values

    def metrics(self, values: dict[str, float], step: int) -> None:
        of_speed = any(name.startswith("train.") for name in values)
        (self.paces if of_speed else self.logged).append((values, step))

    def artifacts(self, path: Path) -> None:
        assert path.is_file()
        self.files.append(path)

    def dataset(self, path: Path, digest: str, rows: int, context: str) -> None:
        self.data.append((path.as_posix(), digest, rows))


MADE: list[Notes] = []


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    MADE.clear()
    monkeypatch.setattr(train, "Recorder", Notes)
    monkeypatch.delenv("DVC_EXP_NAME", raising=False)
    found = Workspace(tmp_path)
    tiny_workspace.fill(found)
    with tiny.small_backbone():
        yield found


def params(**changes: object) -> train.Params:
    denoise = Denoise(median=0, gaussian=0, bilateral=0)
    return train.Params(
        labels=NAMES,
        training=tiny.training(**({"epochs": 1} | changes)),
        preprocess=Preprocess(size=tiny.SIZE, fit="stretch", denoise=denoise, jpeg_quality=95),
        tracking=Tracking(experiment="weldspot", model="weldspot"),
    )


def test_a_model_with_its_key_and_a_history_on_disk_and_in_mlflow(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = {"stages": {"preprocess": {"outs": [{"path": "artifacts/preprocess", "md5": "abc.dir"}]}}}
    (workspace.root / "dvc.lock").write_text(json.dumps(lock))
    chosen = params()
    key = experiment_key(workspace, [chosen.labels, chosen.training, chosen.preprocess])
    train.main(workspace, chosen)
    assert read_key(workspace) == key
    assert classifier.load(workspace.artifact("train"), WELD).input_shape == (None, tiny.SIZE, tiny.SIZE, 3)
    assert not workspace.checkpoints.exists()

    history = workspace.report("train") / "history.csv"
    with history.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(train.COLUMNS)
    assert [(row["epoch"], row["phase"]) for row in rows] == [("0", "head"), ("1", "finetune")]
    (notes,) = MADE
    assert (notes.name, notes.key) == (f"quick-{key[:8]}", key)
    assert [step for _, step in notes.logged] == [0, 1]
    assert notes.tagged == {"device.training": "CPU"}
    ((pace, epoch),) = notes.paces
    assert epoch == 1
    assert pace["train.images_per_second"] > 0
    assert 0 <= pace["train.waited_share"] <= 1
    for (logged, _), row in zip(notes.logged, rows, strict=True):
        assert logged == {name: float(row[name]) for name in train.COLUMNS[2:]}
    assert notes.data == [("artifacts/preprocess", "abc.dir", 42), ("artifacts/augment", "unknown", 42)]
    assert notes.files == [history]
    assert list((workspace.logs / key).glob("events.*"))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "train: head on 14 images, mobilenet_025"
    assert [line.partition(":")[0] for line in said[1:]] == ["train"] * 3
    assert said[2].startswith("train: epoch 1 (finetune): validation mean AP ")
    assert said[3] == "train: where, on the boxes of 14 photographs"


def test_a_killed_training_goes_on_without_its_head(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Killed(BaseException):
        pass

    def kill(self: Notes, values: dict[str, float], step: int) -> None:
        if "loss" not in values:
            return
        self.logged.append((values, step))
        if step == 1:
            raise Killed

    monkeypatch.setenv("DVC_EXP_NAME", "sharp-weld")
    with monkeypatch.context() as patch:
        patch.setattr(Notes, "metrics", kill)
        with pytest.raises(Killed):
            train.main(workspace, params(epochs=2))
    assert not workspace.artifact("train").exists()
    assert workspace.checkpoints.exists()
    capsys.readouterr()
    train.main(workspace, params(epochs=2))
    said = capsys.readouterr().out
    assert "train: resuming after epoch 1 of 2" in said
    assert "head on" not in said
    first, second = MADE
    assert first.name == second.name == "sharp-weld", "the name of DVC's experiment"
    assert second.logged[:2] == first.logged
    assert [step for _, step in second.logged] == [0, 1, 2]


def test_without_images_there_is_one_clear_line(workspace: Workspace) -> None:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows = pq.read_table(workspace.split_manifest)
    pq.write_table(rows.filter(pc.not_equal(rows["split"], "val")), workspace.split_manifest)
    with pytest.raises(WeldspotError, match="no images to train or validate on"):
        train.main(workspace, params())
    assert MADE == []


def test_the_history_is_not_written_through_a_link_into_the_cache_of_dvc(workspace: Workspace, tmp_path: Path) -> None:
    kept, path = tmp_path / "object", tmp_path / "history.csv"
    kept.write_text("the last training")
    path.symlink_to(kept)
    notes = Notes(workspace, Tracking(experiment="weldspot", model="weldspot"), "warm", "0")
    history = train._History(path, tmp_path / "logs", notes)  # type: ignore[arg-type]
    history(
        {
            "epoch": 0,
            "phase": "head",
            "loss": None,
            "val_loss": 0.25,
            "val_mean_average_precision": 0.5,
            "val_mean_roc_auc": 0.75,
        }
    )
    assert kept.read_text() == "the last training"
    assert path.read_text().splitlines()[1:] == ["0,head,,0.25,0.5,0.75"]


def test_a_card_that_does_not_train_is_one_line_of_warning(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(nvidia, "cards", lambda: [Card("NVIDIA L4", "470.82.01")])
    train.main(workspace, params(epochs=0))
    said = [line for line in capsys.readouterr().err.splitlines() if "NVIDIA" in line]
    assert said == [
        "train: warning: the CPU trains, not the NVIDIA L4: its driver 470.82.01 is too old for CUDA 12; "
        "install driver 525.60.13 or newer"
    ]


@pytest.mark.thorough
def test_a_batch_that_does_not_fit_is_one_line_that_names_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras
    import tensorflow as tf

    def fit(*_: object, **__: object) -> None:
        tf.zeros([1 << 50])  # what TensorFlow raises where a minibatch finds no room

    monkeypatch.setattr(keras.Model, "fit", fit)
    with pytest.raises(WeldspotError, match=r"^train: .*not enough memory; lower training\.batch_size \(8\)"):
        train.main(workspace, params())
    assert not workspace.artifact("train").exists()


@pytest.mark.thorough
def test_in_bfloat16_the_weights_are_saved_as_ever(workspace: Workspace) -> None:
    train.main(workspace, params(precision="bfloat16"))
    model = classifier.load(workspace.artifact("train"), WELD)
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert {str(variable.dtype) for variable in model.variables} == {"float32"}


def test_folds_score_every_scene_and_leave_the_model_as_it_is_without(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    train.main(workspace, params(box_steps=0))
    alone = classifier.load(workspace.artifact("train"), WELD)
    assert not (workspace.artifact("train") / out_of_fold.FILE).exists()
    train.main(workspace, params(folds=2, box_steps=0))
    beside = classifier.load(workspace.artifact("train"), WELD)
    for one, other in zip(alone.layers, beside.layers, strict=True):  # only how sure it is may have changed
        same = [np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True)]
        assert all(same) or one.name == "class_map"
    kernels = [np.squeeze(model.get_layer("class_map").get_weights()[0]) for model in (alone, beside)]
    stretch = (kernels[1] * kernels[0]).sum(0) / (kernels[0] ** 2).sum(0)
    assert (stretch > 0).all()
    np.testing.assert_allclose(kernels[1], kernels[0] * stretch, atol=1e-5)
    rows = pq.read_table(workspace.artifact("train") / out_of_fold.FILE)
    assert len(rows) == 42
    assert set(rows["fold"].to_pylist()) == {0, 1}
    assert {name for values, _ in MADE[-1].logged for name in values if name.startswith("fold_")} == {
        "fold_1.val_mean_average_precision",
        "fold_2.val_mean_average_precision",
    }
    assert "train: fold 1/2: " in capsys.readouterr().out
    assert not workspace.checkpoints.exists()
