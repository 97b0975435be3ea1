"""Fine-tuning of the whole network, epoch by epoch, each one resumable."""

import math
import time
from collections.abc import Callable

import keras
import numpy as np

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.model.training import parallel
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.history import EpochRecord, Pace, Report, TrainingState
from weldspot.model.training.minibatches import Minibatches
from weldspot.model.training.optimizer import averaged, compile_model
from weldspot.model.training.validation import validate, validate_with
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.progress import Progress


def finetune(
    model: keras.Model, train: Images, val: Images, section: Training, checkpoint: Checkpoint, report: Report,
    head_loss: float | None = None, paced: Callable[[int, Pace], None] = lambda epoch, pace: None,
) -> None:  # fmt: skip
    """Trains in place and leaves the weights of the best validation mean average precision (EMA weights if on).

    Args:
        model: gives logits.
        train: what is learnt from.
        val: what the best epoch is chosen by.
        section: how it is trained.
        checkpoint: where it stands is saved after each epoch, and found again.
        report: gets one record an epoch; epoch 0 is the head's.
        head_loss: the loss that the head was fitted to, None where it was not fitted in this run.
        paced: gets the number and the pace of each epoch that is trained in this run, before its record.

    Raises:
        WeldspotError: the loss is no number any more.
    """
    compile_model(model, train, section)
    found = checkpoint.load(model)
    if found:
        best, state = found
        for record in state["history"]:
            report(record)
        print(f"train: resuming after epoch {state['epoch']} of {section.epochs}")
    else:
        best, state = model.get_weights(), _begin(model, val, head_loss)
        checkpoint.save(model, best, state)  # the head is not fitted anew after a kill in the first epoch
        report(state["history"][0])
    while state["epoch"] < section.epochs and state["stale"] < section.patience:
        epoch = state["epoch"] + 1
        loss, pace = _epoch(model, train, section, epoch)
        weights = averaged(model, section)
        scores = validate_with(model, weights, val)
        record = _measured(EpochRecord(epoch=epoch, phase="finetune", loss=loss, **scores))
        state, better = _after(state, record)
        best = weights if better else best
        checkpoint.save(model, best, state)
        paced(epoch, pace)
        report(record)
    model.set_weights(best)


def _begin(model: keras.Model, val: Images, head_loss: float | None) -> TrainingState:
    record = _measured(EpochRecord(epoch=0, phase="head", loss=head_loss, **validate(model, val)))
    return {"epoch": 0, "best": _standing(record), "stale": 0, "history": [record]}


def _after(state: TrainingState, record: EpochRecord) -> tuple[TrainingState, bool]:
    """The state after an epoch, and whether it was the best yet."""
    standing = _standing(record)
    better = standing > state["best"]
    after: TrainingState = {
        "epoch": record["epoch"],
        "best": max(state["best"], standing),
        "stale": 0 if better else state["stale"] + 1,
        "history": [*state["history"], record],
    }
    return after, better


def _standing(record: EpochRecord) -> float:
    """What the best epoch is chosen by: mean AP, or the loss where validation can rank no class; larger is better."""
    score = record["val_mean_average_precision"]
    return score if math.isfinite(score) else -record["val_loss"]


def _measured(record: EpochRecord) -> EpochRecord:
    """The record; raises WeldspotError when its losses are no numbers, which no later epoch would mend."""
    losses = [record["val_loss"], record["loss"] or 0.0]
    if not all(map(math.isfinite, losses)):
        raise WeldspotError(
            f"train: epoch {record['epoch']} ({record['phase']}): the loss is no number any more: nothing is learnt; "
            "lower training.learning_rate or training.head_learning_rate"
        )
    return record


def _epoch(model: keras.Model, images: Images, section: Training, epoch: int) -> tuple[float, Pace]:
    _reseed(model, section.seed, epoch)
    clean = epoch > section.epochs - section.clean_epochs
    data = Minibatches(images, section.batch_size, section.seed, epoch, clean)
    title = f"train: epoch {epoch}/{section.epochs}"
    with Progress(total=len(data), desc=title, unit="batch") as bar, data.feed() as feed:
        step = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs=None: bar.update())
        pairs, began = parallel.shares(data.pairs(feed), section.batch_size), time.perf_counter()
        history = model.fit(pairs, steps_per_epoch=len(data), shuffle=False, verbose=0, callbacks=[step])
        took = time.perf_counter() - began
    return float(history.history["loss"][-1]), Pace(feed.images / took, min(feed.waited / took, 1.0))


def _reseed(model: keras.Model, seed: int, epoch: int) -> None:
    """Dropout after a resume must be the dropout of a run that was never killed."""
    for layer in model.layers:
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            generator.state.assign(np.array([seed, epoch], dtype=generator.state.dtype))
