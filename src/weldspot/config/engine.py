"""Where the heavy stages work; no stage reads it."""

from typing import Annotated, Literal

from pydantic import Field

from weldspot.config.sections.base import Section


class LocalEngine(Section):
    """Processes of this machine."""

    name: Literal["local"]


class RayEngine(Section):
    """A cluster of Ray; `address`: empty starts one on this machine."""

    name: Literal["ray"]
    address: Annotated[str, Field(pattern=r"^(|auto|(ray://)?[\w.\[\]:-]+:\d+)$")]


Engine = Annotated[LocalEngine | RayEngine, Field(discriminator="name")]
