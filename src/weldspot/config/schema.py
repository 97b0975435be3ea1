"""The shape of params.yaml: unknown keys and bad values are errors that name the key."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from weldspot.errors import WeldspotError

Fraction = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Name = Annotated[str, Field(pattern=r"^[\w .-]+$")]
OddOrOff = Annotated[int, Field(ge=0, le=31)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SampleSource(Section):
    name: Literal["sample"]
    path: str
    background: str
    images: Annotated[int, Field(ge=30, le=100_000)]
    size: Annotated[int, Field(ge=96, le=2048)]
    seed: Seed


class RoboflowSource(Section):
    name: Literal["roboflow"]
    path: str
    background: str
    workspace: str
    project: str
    version: Annotated[int, Field(ge=1)]
    format: Literal["voc", "multiclass"]


class FolderSource(Section):
    name: Literal["folder"]
    path: str
    background: str


Source = Annotated[SampleSource | RoboflowSource | FolderSource, Field(discriminator="name")]


class Ingest(Section):
    unannotated: Literal["quarantine", "background"]
    background_crops: Annotated[int, Field(ge=0, le=8)]
    crop_side: Annotated[float, Field(gt=0.05, le=0.9)]
    max_pixels: Annotated[int, Field(ge=10_000)]
    min_side: Annotated[int, Field(ge=8)]
    near_duplicate: Fraction
    clip_gap: Count
    shard_rows: Annotated[int, Field(ge=16, le=4096)]


class Denoise(Section):
    median: OddOrOff
    gaussian: OddOrOff
    bilateral: OddOrOff

    @model_validator(mode="after")
    def _odd(self) -> "Denoise":
        for key in ("median", "gaussian", "bilateral"):
            value = getattr(self, key)
            if value and value % 2 == 0:
                raise ValueError(f"{key} is a window width: an odd number, or 0 for off, not {value}")
        return self


class Preprocess(Section):
    size: Annotated[int, Field(ge=32, le=1024)]
    fit: Literal["stretch", "letterbox"]
    denoise: Denoise
    jpeg_quality: Annotated[int, Field(ge=50, le=100)]


class Noise(Section):
    probability: Fraction
    gaussian: Annotated[float, Field(ge=0, le=100)]
    poisson: Annotated[float, Field(ge=0, le=10)]
    salt_pepper: Fraction


class Augment(Section):
    variants: Annotated[int, Field(ge=0, le=50)]
    seed: Seed
    rotation: Annotated[float, Field(ge=0, le=180)]
    quarter_turns: bool
    zoom: Annotated[float, Field(ge=0, lt=1)]
    flip_horizontal: Fraction
    flip_vertical: Fraction
    brightness: Fraction
    contrast: Fraction
    saturation: Fraction
    hue: Annotated[float, Field(ge=0, le=0.5)]
    noise: Noise
    blur_probability: Fraction
    blur_sigma: Positive
    cutout_probability: Fraction
    cutout_fraction: Fraction
    jpeg_quality: Annotated[int, Field(ge=50, le=100)]


class Split(Section):
    train: Fraction
    val: Fraction
    test: Fraction
    seed: Seed
    min_groups: Count

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        total = self.train + self.val + self.test
        if abs(total - 1) > 1e-6:
            raise ValueError(f"train + val + test must be 1, not {total:g}")
        if not (self.train and self.val and self.test):
            raise ValueError("train, val and test must each be above 0")
        return self


class Training(Section):
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


class Evaluate(Section):
    bootstrap: Annotated[int, Field(ge=0, le=100_000)]
    confidence: Annotated[float, Field(gt=0, lt=1)]
    calibration_bins: Annotated[int, Field(ge=2, le=100)]
    seed: Seed


class Checks(Section):
    min_mean_average_precision: Fraction
    min_mean_roc_auc: Fraction
    max_average_precision_loss: Fraction
    max_probability_gap: Fraction
    max_megabytes: Positive


class Export(Section):
    calibration_images: Annotated[int, Field(ge=8, le=4096)]
    checks: Checks


class Tracking(Section):
    experiment: Name
    model: Name


class Params(Section):
    source: Source
    ingest: Ingest
    preprocess: Preprocess
    augment: Augment
    split: Split
    training: Training
    evaluate: Evaluate
    export: Export
    tracking: Tracking
    loop: dict[str, Any]  # typed in config/loop.py, of which no stage may depend


_TAGS = ("sample", "roboflow", "folder")  # pydantic puts the chosen source among the keys


def one_line(error: ValidationError, where: str, section: tuple[str, ...] = ()) -> str:
    """Every problem of a validation, each with its dotted key."""
    parts = []
    for problem in error.errors():
        key = ".".join(str(p) for p in (*section, *problem["loc"]) if p not in _TAGS) or "(top level)"
        match problem["type"]:
            case "extra_forbidden":
                parts.append(f"{key} is not a known key")
            case "missing":
                parts.append(f"{key} is missing")
            case "value_error":
                parts.append(f"{key}: {problem['ctx']['error']}")
            case _:
                parts.append(f"{key}: {problem['msg'].lower()}, not {problem['input']!r}")
    return f"{where}: " + "; ".join(parts) + "; see conf/ for the keys and `weldspot config` for their values"


def parse(data: object, where: str = "params.yaml") -> Params:
    """The typed parameters; raises WeldspotError naming every key that is unknown, missing or wrong."""
    if not isinstance(data, dict):
        raise WeldspotError(f"{where}: expected a mapping of sections; run `weldspot compose` to write it anew")
    try:
        return Params.model_validate(data)
    except ValidationError as error:
        raise WeldspotError(one_line(error, where)) from error


def load(path: Path = Path("params.yaml")) -> Params:
    """Reads and checks params.yaml; raises WeldspotError when it is absent, not YAML, or does not fit."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeldspotError(
            f"{path}: no such file; run in the repository's root, or `weldspot compose` first"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WeldspotError(f"{path}: can't be read as text ({error}); run `weldspot compose`") from error
    except yaml.YAMLError as error:
        raise WeldspotError(
            f"{path}: not valid YAML ({' '.join(str(error).split())}); run `weldspot compose`"
        ) from error
    return parse(data, str(path))
