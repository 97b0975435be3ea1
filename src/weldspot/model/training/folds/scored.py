"""Every scene scored once, by a model that has not seen it: as many trainings as there are folds of the scenes."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Bool, Float, Int

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.images.scenes.partition import folds
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training import finetune, head
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.history import EpochRecord
from weldspot.runtime import atomic, state_files
from weldspot.runtime.errors import WeldspotError

_OF_THE_REST = 10  # one part in so many of the scenes that a fold may see chooses its best epoch
Said = Callable[[int, EpochRecord], None]


def scored(
    images: Images, section: Training, build: Callable[[], keras.Model], checkpoints: Path, key: str, say: Said
) -> pa.Table:
    """Trains a model for each of `section.folds` and scores the originals of that fold with it.

    A fold that was finished before a kill is not trained again.

    Args:
        images: of all scenes, with their variants.
        section: how each is trained.
        build: gives the trainer, as `classifier.build` does, before anything is learnt.
        checkpoints: where what is done is kept until the stage has ended.
        key: of this experiment.
        say: gets the number of the fold, from 1, and the record of each of its epochs.

    Returns:
        A row an original: id, group, fold (from 0), scores (0 to 1, in the order of the classes).

    Raises:
        WeldspotError: there are too few scenes for so many folds.
    """
    originals = np.flatnonzero(images.variants == 0)
    fold_of = assigned(images, section)
    found = np.zeros((len(originals), len(images.classes)), np.float32)
    for fold in range(section.folds):
        kept = checkpoints / f"{key}-folds" / f"{fold}.parquet"
        held = originals[fold_of[originals] == fold]
        if not len(held):
            continue  # few scenes, of very different sizes
        if not kept.exists():
            print(f"train: fold {fold + 1}/{section.folds}: {len(held)} photographs are kept out")
            scores = _of_fold(images, fold_of, fold, section, build, Checkpoint(checkpoints, f"{key}-{fold}"), say)
            atomic.make_folder(kept.parent)
            with atomic.replacing_file(kept) as partial:
                pq.write_table(pa.table({"scores": list(scores)}), partial)
        rows = state_files.read_parquet(
            kept, ["scores"], f"delete {kept.parent}, and `dvc repro` trains the folds anew"
        )
        found[np.searchsorted(originals, held)] = np.array(rows["scores"].to_pylist(), np.float32)
    return pa.table(
        {
            "id": [images.ids[row] for row in originals],
            "group": [str(name) for name in images.groups[originals]],
            "fold": fold_of[originals].astype(np.int32),
            "scores": list(found),
        }
    )


def assigned(images: Images, section: Training) -> Int[np.ndarray, " n"]:
    """The fold of each image; its scene's originals decide, and its variants are where it is."""
    originals = np.flatnonzero(images.variants == 0)
    groups = images.groups[originals]
    if len(set(groups.tolist())) < section.folds:
        raise WeldspotError(f"training.folds={section.folds}: there are only {len(set(groups.tolist()))} scenes")
    chosen = folds(images.labels[originals], groups, section.folds, section.seed)
    least = min(len(set(groups[chosen != fold].tolist())) for fold in set(chosen.tolist()))
    if least < 2:  # one to learn from, one to choose the epoch
        raise WeldspotError(f"training.folds={section.folds}: one of them leaves {least} scene(s) to learn from")
    of_group = dict(zip(groups.tolist(), chosen.tolist(), strict=True))
    return np.array([of_group[name] for name in images.groups.tolist()])


def _of_fold(
    images: Images,
    fold_of: Int[np.ndarray, " n"],
    fold: int,
    section: Training,
    build: Callable[[], keras.Model],
    checkpoint: Checkpoint,
    say: Said,
) -> Float[np.ndarray, "k classes"]:
    """Probabilities of the fold's originals."""
    rest = images.take(np.flatnonzero(fold_of != fold))
    choosing = _chosen(rest, section)
    val = rest.take(np.flatnonzero(choosing & (rest.variants == 0)))
    train = rest.take(np.flatnonzero(~choosing))
    model = fresh(section.seed, build)
    what = classifier.what(model)
    loss = None if checkpoint.exists() else head.train_head(what, train, section)
    finetune.finetune(what, train, val, section, checkpoint, lambda record: say(fold + 1, record), loss)
    held = images.take(np.flatnonzero((fold_of == fold) & (images.variants == 0)))
    return predict(classifier.scorer(model, images.classes.exclusive), held)[0]


def fresh(seed: int, build: Callable[[], keras.Model]) -> keras.Model:
    """A model as the first one of a process is: the same names of layers, the same draws."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    return build()


def _chosen(rest: Images, section: Training) -> Bool[np.ndarray, " n"]:
    """Whether each image is of the scenes that choose the epoch."""
    originals = np.flatnonzero(rest.variants == 0)
    groups = rest.groups[originals]
    parts = folds(rest.labels[originals], groups, min(_OF_THE_REST, len(set(groups.tolist()))), section.seed)
    names = set(groups[parts == parts.min()].tolist())
    return np.array([name in names for name in rest.groups.tolist()], bool)
