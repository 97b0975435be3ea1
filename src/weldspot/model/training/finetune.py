"""Fine-tuning of the whole network, epoch by epoch, each one resumable."""

import sys
from collections.abc import Callable

import keras
import numpy as np
from tqdm import tqdm

from weldspot.config.parameters import Training
from weldspot.runtime.errors import WeldspotError
from weldspot.images.dataset import Images
from weldspot.model.evaluation import metrics
from weldspot.model.training import minibatches
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.loss import class_weights, weighted_cross_entropy

Report = Callable[[dict], None]


def validate(model: keras.Model, images: Images) -> dict[str, float]:
    """val_loss (plain cross-entropy), val_mean_average_precision and val_mean_roc_auc of a model that gives logits."""
    logits = minibatches.predict(model, images)[0].astype(np.float64)
    return {
        "val_loss": float(np.mean(np.logaddexp(0, logits) - images.labels * logits)),
        "val_mean_average_precision": metrics.mean(metrics.average_precision(images.labels, logits)),
        "val_mean_roc_auc": metrics.mean(metrics.roc_auc(images.labels, logits)),
    }


def compile_model(model: keras.Model, images: Images, section: Training) -> None:
    """AdamW with a linear warm-up and a cosine decay to zero over all epochs; what is frozen stays as it is.

    Raises WeldspotError when `frozen_layers` is all of them.
    """
    if section.frozen_layers >= len(model.layers) - 1:
        raise WeldspotError(
            f"training.frozen_layers: {section.frozen_layers} leaves nothing to train; {section.backbone} has "
            f"{len(model.layers)} layers, its head included"
        )
    for layer in model.layers[: section.frozen_layers]:
        layer.trainable = False
    epoch = minibatches.Batches(images, section.batch_size, section.seed, 1)
    steps = len(epoch)
    warmup = round(section.warmup_epochs * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        section.learning_rate / 20,
        max(section.epochs * steps - warmup, 1),
        warmup_target=section.learning_rate,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=section.weight_decay, clipnorm=1.0, use_ema=section.ema > 0, ema_momentum=section.ema or 0.99
    )
    weights = class_weights(images.labels[epoch.chosen], section.max_class_weight)
    model.compile(optimizer, weighted_cross_entropy(weights, section.label_smoothing))
    optimizer.build(model.trainable_variables)


def finetune(
    model: keras.Model, train: Images, val: Images, section: Training, checkpoint: Checkpoint, report: Report,
    head_loss: float | None = None,
) -> None:  # fmt: skip
    """Trains in place and leaves the weights of the best validation mean average precision (EMA weights if on).

    `report` gets one record an epoch: epoch, phase, loss and the validation scores; epoch 0 is the head's, with the
    loss it was fitted to.
    """
    compile_model(model, train, section)
    found = checkpoint.load(model)
    if found:
        best, state = found
        for record in state["history"]:
            report(record)
        print(f"train: resuming after epoch {state['epoch']} of {section.epochs}")
    else:
        scores = validate(model, val)
        best, state = model.get_weights(), {"epoch": 0, "best": scores["val_mean_average_precision"], "stale": 0}
        record = {"epoch": 0, "phase": "head", "loss": head_loss, **scores}
        state["history"] = [record]
        report(record)
    while state["epoch"] < section.epochs and state["stale"] < section.patience:
        epoch = state["epoch"] + 1
        loss = _epoch(model, train, section, epoch)
        # fit() leaves the averages in the model as well, but without this round trip through NumPy a checkpoint under
        # JAX finds the optimizer's arrays deleted: they were donated to the compiled step
        averaged = _averaged(model, section)
        scores = _validate_with(model, averaged, val)
        record = {"epoch": epoch, "phase": "finetune", "loss": loss, **scores}
        better = not scores["val_mean_average_precision"] <= state["best"]  # an unknown score never stops training
        if better:
            best = averaged
        state = {
            "epoch": epoch,
            "best": max(state["best"], scores["val_mean_average_precision"]),
            "stale": 0 if better else state["stale"] + 1,
            "history": [*state["history"], record],
        }
        checkpoint.save(model, best, state)
        report(record)
    model.set_weights(best)


def _epoch(model: keras.Model, images: Images, section: Training, epoch: int) -> float:
    _reseed(model, section.seed, epoch)
    clean = epoch > section.epochs - section.clean_epochs
    data = minibatches.Batches(images, section.batch_size, section.seed, epoch, clean)
    title = f"train: epoch {epoch}/{section.epochs}"
    with tqdm(total=len(data), desc=title, unit="batch", file=sys.stderr, disable=None) as bar:
        step = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs=None: bar.update())
        history = model.fit(data, shuffle=False, verbose=0, callbacks=[step])
    return float(history.history["loss"][-1])


def _reseed(model: keras.Model, seed: int, epoch: int) -> None:
    """Dropout after a resume must be the dropout of a run that was never killed."""
    for layer in model.layers:
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            generator.state.assign(np.array([seed, epoch], dtype=generator.state.dtype))


def _averaged(model: keras.Model, section: Training) -> list[np.ndarray]:
    """All weights, the trainable ones averaged over the steps when `training.ema` is on."""
    if not section.ema:
        return model.get_weights()
    moving = model.optimizer._model_variables_moving_average
    averages = dict(zip(map(id, model.trainable_variables), moving, strict=True))
    return [np.asarray(averages.get(id(v), v)) for v in model.weights]


def _validate_with(model: keras.Model, weights: list[np.ndarray], val: Images) -> dict[str, float]:
    raw = model.get_weights()
    model.set_weights(weights)
    scores = validate(model, val)
    model.set_weights(raw)
    return scores
