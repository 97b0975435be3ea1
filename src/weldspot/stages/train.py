"""train: a linear head on cached features, then fine-tuning of the whole network."""

import os
import sys
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.labels import ClassNames
from weldspot.config.sections.preprocess import Preprocess
from weldspot.config.sections.tracking import Tracking
from weldspot.config.sections.training import BACKBONES, LOSSES, Training
from weldspot.images import dataset
from weldspot.model.training.history import EpochRecord, Pace
from weldspot.runtime.atomic import replacing_folder
from weldspot.runtime.dvc_lock import stage_hashes
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.tracking.experiment_key import experiment_key, write_key
from weldspot.tracking.recorder import Recorder

if TYPE_CHECKING:
    from tensorboard.summary import Writer

    from weldspot.workspace import Workspace

_EVERY = ("train", "val", "test", "robustness")
COLUMNS = ("epoch", "phase", "loss", "val_loss", "val_mean_average_precision", "val_mean_roc_auc")


class Params(StageParams):
    """`preprocess`: the model's input size."""

    labels: ClassNames
    training: Training
    preprocess: Preprocess
    tracking: Tracking


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/train (weights and spec) and reports/train/history.csv, growing while it trains.

    With `training.folds` over 1 also out_of_fold.parquet: every scene, scored by a model that has not seen it.

    Raises:
        WeldspotError: there is nothing to train or validate on, or MLflow does not answer.
    """
    classes = params.labels.class_list()
    train, val = dataset.load(workspace, classes, "train"), dataset.load(workspace, classes, "val")
    if not len(train) or not len(val):
        raise WeldspotError("artifacts/split: no images to train or validate on; see reports/split/report.json")
    key = experiment_key(workspace, [params.labels, params.training, params.preprocess], _own_code(params.training))
    name = os.environ.get("DVC_EXP_NAME") or f"{params.training.name}-{key[:8]}"
    history = workspace.report("train") / "history.csv"
    with (
        Recorder(workspace, params.tracking, name, key) as run,
        replacing_folder(workspace.artifact("train")) as folder,
    ):
        hashes = stage_hashes(workspace.root)
        for path in ("artifacts/preprocess", "artifacts/augment"):
            run.dataset(Path(path), hashes.get(path, "unknown"), len(train), "training")
        import_tensorflow()  # takes as long as MLflow, which the recorder imports meanwhile
        _deterministic(params.training.seed)
        _train(workspace, params, (train, val), key, _History(history, workspace.logs / key, run), folder)
        write_key(folder, key)
        run.artifacts(history)
        run.wait()
    from weldspot.model.training.checkpoint import Checkpoint

    Checkpoint(workspace.checkpoints, key).clear()


def _own_code(section: Training) -> list[str]:
    """What backbone and loss outside the package are known by."""
    names: list[tuple[resolver.Kind, str, tuple[str, ...]]] = [
        ("backbones", section.backbone, BACKBONES),
        ("losses", section.loss, LOSSES),
    ]
    return [resolver.made_of(kind, name) for kind, name, built_in in names if name not in built_in]


def _train(
    workspace: "Workspace",
    params: Params,
    images: tuple[dataset.Images, dataset.Images],
    key: str,
    history: "_History",
    folder: Path,
) -> None:
    from weldspot.model.evaluation import out_of_fold
    from weldspot.model.network import classifier
    from weldspot.model.network.inference import predict
    from weldspot.model.training import calibration, devices, finetune, head, out_of_memory, parallel
    from weldspot.model.training.checkpoint import Checkpoint
    from weldspot.model.training.folds import scored as folds
    from weldspot.model.training.where import fit as where

    (train, val), section = images, params.training
    exclusive = train.classes.exclusive
    history.run.tags({"device.training": devices.described()})
    if (unused := devices.unused()) is not None:
        print(f"train: warning: {unused}", file=sys.stderr)
    with out_of_memory.told(section, params.preprocess.size), parallel.on(devices.names()):
        build = partial(
            classifier.build,
            section.backbone,
            None,
            len(train.classes),
            section.weights,
            section.dropout,
            section.precision,
        )
        history.run.wait()  # an MLflow that does not answer is told before the long part
        found = None
        if section.folds > 1:
            every = dataset.load(workspace, train.classes, *_EVERY)
            found = folds.scored(every, section, build, workspace.checkpoints, key, history.of_fold)
        model = folds.fresh(section.seed, build)
        what = classifier.what(model)
        checkpoint = Checkpoint(workspace.checkpoints, key)
        head_loss = None
        if not checkpoint.exists():
            print(f"train: head on {int((train.variants == 0).sum())} images, {section.backbone}")
            head_loss = head.train_head(what, train, section)
        finetune.finetune(what, train, val, section, checkpoint, history, head_loss, history.pace)
        where.fit(model, train, val, section, workspace.checkpoints)
        if found is None:
            calibration.fit(val.labels, predict(classifier.scorer(model, exclusive), val)[0], exclusive).put(model)
        else:
            given = np.array(found["scores"].to_pylist(), np.float32)
            scaling = calibration.fit(every.labels[every.variants == 0], given, exclusive)
            scaling.put(model)
            told = found.set_column(3, "scores", pa.array(list(scaling(given, exclusive))))
            pq.write_table(told, folder / out_of_fold.FILE, compression="zstd")
        classifier.save(model, params.preprocess.size, train.classes, folder)


def _deterministic(seed: int) -> None:
    import keras

    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


class _History:
    """Every epoch's record: to history.csv (`dvc plots show`), TensorBoard, MLflow and the screen."""

    def __init__(self, path: Path, logs: Path, run: Recorder) -> None:
        self.path, self.logs, self.run = path, logs, run
        self._begun = False  # until the first record the file of the last training stays

    def __call__(self, record: EpochRecord) -> None:
        scores = {
            "loss": record["loss"],
            "val_loss": record["val_loss"],
            "val_mean_average_precision": record["val_mean_average_precision"],
            "val_mean_roc_auc": record["val_mean_roc_auc"],
        }
        values = [record["epoch"], record["phase"], *scores.values()]
        if not self._begun:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.unlink(missing_ok=True)  # it may be a link into DVC's cache, which would be written to
            self.path.write_text(",".join(COLUMNS) + "\n")
            self._begun = True
        with self.path.open("a") as file:
            file.write(",".join("" if value is None else str(value) for value in values) + "\n")
        known = {name: value for name, value in scores.items() if value is not None}
        for name, value in known.items():
            self._writer.add_scalar(name, value, record["epoch"])
        self._writer.flush()
        self.run.metrics(known, record["epoch"])
        print(
            f"train: epoch {record['epoch']} ({record['phase']}): validation mean AP "
            f"{record['val_mean_average_precision']:.4f}, mean AUC {record['val_mean_roc_auc']:.4f}"
        )

    def of_fold(self, fold: int, record: EpochRecord) -> None:
        """An epoch of one of the folds: to MLflow and the screen."""
        found = record["val_mean_average_precision"]
        self.run.metrics({f"fold_{fold}.val_mean_average_precision": found}, record["epoch"])
        print(f"train: fold {fold}: epoch {record['epoch']}: validation mean AP {found:.4f}")

    def pace(self, epoch: int, pace: Pace) -> None:
        """An epoch's speed: to TensorBoard and MLflow alone, no file of the graph depends on the clock."""
        known = {f"train.{name}": value for name, value in pace._asdict().items()}
        for name, value in known.items():
            self._writer.add_scalar(name, value, epoch)
        self.run.metrics(known, epoch)

    @cached_property
    def _writer(self) -> "Writer":
        from tensorboard.summary import Writer  # writes event files without TensorFlow

        return Writer(str(self.logs))
