"""What the sections of params.yaml are made of: unknown keys and bad values are errors that name the key."""

import reprlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Fraction = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Name = Annotated[str, Field(pattern=r"^[\w .-]+$")]
OddOrOff = Annotated[int, Field(ge=0, le=31)]


class Section(BaseModel):
    """A section of params.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StageParams(BaseModel):
    """The sections that one stage reads, as dvc.yaml lists them under `params`; the others are nobody's business."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


_TAGS = ("sample", "roboflow", "folder", "custom", "local", "ray")  # pydantic puts a chosen name among the keys


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
                parts.append(f"{key}: {problem['msg'].lower()}, not {reprlib.repr(problem['input'])}")
    return f"{where}: " + "; ".join(parts) + "; see conf/ for the keys and `weldspot config` for their values"
