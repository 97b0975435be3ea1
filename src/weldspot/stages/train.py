"""train: a linear head on cached features, then fine-tuning of the whole network."""

from pathlib import Path

from weldspot.config.parameters import Params
from weldspot.runtime.errors import WeldspotError
from weldspot.images import dataset
from weldspot.runtime.atomic import whole, write_json
from weldspot.runtime.tensorflow_import import import_tensorflow
from weldspot.tracking import experiment_key as experiments
from weldspot.tracking import lineage_tags
from weldspot.tracking.recorder import Recorder

CHECKPOINTS = Path(".weldspot/checkpoints")
HISTORY = Path("reports/train/history.csv")
COLUMNS = ("epoch", "phase", "loss", "val_loss", "val_mean_average_precision", "val_mean_roc_auc")


def main(params: Params) -> None:
    """Writes artifacts/train (weights and spec) and reports/train/history.csv, growing while it trains."""
    train, val = dataset.load("train"), dataset.load("val")
    if not len(train) or not len(val):
        raise WeldspotError("artifacts/split: no images to train or validate on; see reports/split/report.json")
    key = experiments.experiment_key(params, dataset.MANIFEST, (dataset.PREPROCESSED, dataset.AUGMENTED))
    with Recorder(params, key) as run, whole(Path("artifacts/train")) as folder:
        for path in (dataset.PREPROCESSED, dataset.AUGMENTED):
            digest = lineage_tags.stage_hashes().get(path.as_posix(), "unknown")
            run.dataset(path, digest, len(train), "training")
        import_tensorflow()  # takes as long as MLflow, which the recorder imports meanwhile
        _deterministic(params.training.seed)
        _train(params, train, val, key, run, folder)
        write_json(folder / experiments.FILE.name, {"key": key})
        run.artifacts(HISTORY)
        run.wait()
    from weldspot.model.training.checkpoint import Checkpoint

    Checkpoint(CHECKPOINTS, key).clear()


def _train(params: Params, train: dataset.Images, val: dataset.Images, key: str, run: Recorder, folder: Path) -> None:
    from weldspot.model.network import classifier
    from weldspot.model.training import finetune, head
    from weldspot.model.training.checkpoint import Checkpoint

    section = params.training
    model = classifier.build(section.backbone, None, section.weights, section.dropout)
    checkpoint = Checkpoint(CHECKPOINTS, key)
    head_loss = None
    run.wait()  # an MLflow that does not answer is told before the long part
    if not checkpoint.exists():
        print(f"train: head on {int((train.variants == 0).sum())} images, {section.backbone}")
        head_loss = head.train_head(model, train, section)
    history = _History(HISTORY, Path("logs") / key, run)
    finetune.finetune(model, train, val, section, checkpoint, history, head_loss)
    classifier.save(model, params.preprocess.size, folder)


def _deterministic(seed: int) -> None:
    import keras

    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


class _History:
    """Every epoch's record: to history.csv (`dvc plots show`), TensorBoard, MLflow and the screen."""

    def __init__(self, path: Path, logs: Path, run: Recorder) -> None:
        from tensorboard.summary import Writer  # writes event files without TensorFlow

        self.path, self.run, self.writer = path, run, Writer(str(logs))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(",".join(COLUMNS) + "\n")

    def __call__(self, record: dict) -> None:
        with self.path.open("a") as file:
            file.write(",".join("" if record[name] is None else str(record[name]) for name in COLUMNS) + "\n")
        scores = {name: record[name] for name in COLUMNS[2:] if record[name] is not None}
        for name, value in scores.items():
            self.writer.add_scalar(name, value, record["epoch"])
        self.writer.flush()
        self.run.metrics(scores, record["epoch"])
        print(
            f"train: epoch {record['epoch']} ({record['phase']}): validation mean AP "
            f"{record['val_mean_average_precision']:.4f}, mean AUC {record['val_mean_roc_auc']:.4f}"
        )
