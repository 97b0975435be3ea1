"""One call of the command line: the app that the verbs are added to, and the workspace that they work in."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver
from weldspot.workspace import Workspace

if TYPE_CHECKING:
    from weldspot.config.parameters import Params

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Photographs in, a checked phone model out.",
)


@dataclass
class Session:
    """One call of the command line."""

    workspace: Workspace


class Here(typer.Context):
    """What every verb is given."""

    obj: Session


@app.callback()
def _open(
    here: Here,
    directory: Annotated[
        Path, typer.Option("-C", metavar="DIR", help="the folder with params.yaml and dvc.yaml", show_default=False)
    ] = Path(),
) -> None:
    if not os.path.isdir(directory):  # as it is, false also where a name is too long or holds a zero byte
        raise WeldspotError(f"-C {directory}: no such folder; name the one with params.yaml and dvc.yaml")
    here.obj.workspace = Workspace(directory)
    resolver.use(here.obj.workspace.plugins)


def use_engine(params: "Params") -> None:
    """Heavy work of this process goes where `engine` says."""
    if params.engine.name == "ray":
        from weldspot.runtime.engines import chosen
        from weldspot.runtime.engines.ray_engine import RayEngine

        chosen.use(RayEngine(params.engine.address))
