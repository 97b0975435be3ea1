"""Where photographs come from."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from weldspot.config.plugin_names import named
from weldspot.config.sections.base import Section, Seed


class SampleSource(Section):
    """Photographs that our own code renders; `classes`, `aliases`, `exclusive`: of the list, what can be drawn is."""

    name: Literal["sample"]
    path: str
    background: str
    classes: list[str]
    aliases: dict[str, str]
    exclusive: bool
    images: Annotated[int, Field(ge=30, le=100_000)]
    size: Annotated[int, Field(ge=96, le=2048)]
    seed: Seed


class RoboflowSource(Section):
    """A dataset version on Roboflow."""

    name: Literal["roboflow"]
    path: str
    background: str
    workspace: str
    project: str
    version: Annotated[int, Field(ge=1)]
    format: Literal["voc", "multiclass"]


class FolderSource(Section):
    """A folder, zip, tar or TFRecord of the user's own."""

    name: Literal["folder"]
    path: str
    background: str


class CustomSource(Section):
    """What code of the project's own makes or downloads; `path`: that code, `options`: what `maker` is called with."""

    name: Literal["custom"]
    path: str
    background: str
    maker: Annotated[str, AfterValidator(named("sources"))]
    options: dict[str, str | int | float | bool]


Source = Annotated[SampleSource | RoboflowSource | FolderSource | CustomSource, Field(discriminator="name")]
