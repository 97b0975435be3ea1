"""What is said of each epoch."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypedDict


class EpochRecord(TypedDict):
    """Epoch 0 is the head's; `loss` is None where it was not fitted in this run."""

    epoch: int
    phase: Literal["head", "finetune"]
    loss: float | None
    val_loss: float
    val_mean_average_precision: float
    val_mean_roc_auc: float


class TrainingState(TypedDict):
    """Where training stands after an epoch: its number, the best score yet, epochs since, and all records."""

    epoch: int
    best: float
    stale: int
    history: list[EpochRecord]


class Pace(NamedTuple):
    """How fast an epoch's steps went, and the share (0 to 1) of its time for which pictures were waited for."""

    images_per_second: float
    waited_share: float


Report = Callable[[EpochRecord], None]
