"""What is trained, and how."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from weldspot.config.plugin_names import named
from weldspot.config.sections.base import Count, Fraction, Positive, Section, Seed

BACKBONES = ("efficientnet_lite0", "mobilenet_025", "mobilenet_v3_small")
LOSSES = ("cross_entropy",)


class Training(Section):
    """Backbone, loss, optimizer and epochs."""

    name: str
    backbone: Annotated[str, AfterValidator(named("backbones", *BACKBONES))]
    weights: Literal["imagenet", "none"]
    loss: Annotated[str, AfterValidator(named("losses", *LOSSES))] = "cross_entropy"
    seed: Seed
    precision: Literal["float32", "bfloat16"] = "float32"
    batch_size: Annotated[int, Field(ge=1, le=4096)]
    head_epochs: Annotated[int, Field(ge=1)]
    head_learning_rate: Positive
    epochs: Count
    clean_epochs: Count
    frozen_layers: Count
    learning_rate: Positive
    warmup_epochs: Fraction
    weight_decay: Annotated[float, Field(ge=0, lt=1)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    box_steps: Count = 1000
    folds: Annotated[int, Field(ge=1, le=20)] = 1
    label_smoothing: Annotated[float, Field(ge=0, lt=0.5)]
    max_class_weight: Annotated[float, Field(ge=1)]
    ema: Annotated[float, Field(ge=0, lt=1)]
    patience: Annotated[int, Field(ge=1)]
