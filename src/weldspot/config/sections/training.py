"""What is trained, and how."""

from typing import Annotated, Literal

from pydantic import Field

from weldspot.config.sections.base import Count, Fraction, Positive, Section, Seed


class Training(Section):
    """Backbone, optimizer and epochs."""

    name: str
    backbone: Literal["efficientnet_lite0", "mobilenet_025", "mobilenet_v3_small"]
    weights: Literal["imagenet", "none"]
    seed: Seed
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
    label_smoothing: Annotated[float, Field(ge=0, lt=0.5)]
    max_class_weight: Annotated[float, Field(ge=1)]
    ema: Annotated[float, Field(ge=0, lt=1)]
    patience: Annotated[int, Field(ge=1)]
