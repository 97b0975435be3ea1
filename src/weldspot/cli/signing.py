"""The verbs of trust: keys, what is attested, and whether a model can be made again."""

from pathlib import Path
from typing import Annotated

import typer

from weldspot.cli.session import Here, app

keys = typer.Typer(no_args_is_help=True, help="The keys that sign what is published: make, show, rotate.")
app.add_typer(keys, name="keys")

Days = Annotated[int, typer.Option(min=1, max=3650, help="how long it signs")]


@app.command()
def attest(
    here: Here,
    version: Annotated[str, typer.Argument(help="a version or an alias")] = "staging",
) -> None:
    """Sign what a version consists of and where it comes from; export does it by itself where the key is."""
    from weldspot.config import parameters
    from weldspot.provenance.attest import attest as step
    from weldspot.registry.model_registry import ModelRegistry

    workspace = here.obj.workspace
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    print(step(workspace, registry, version if version.isdigit() else registry.required(version)))


@app.command()
def verify(
    here: Here,
    what: Annotated[
        str, typer.Argument(help="a version, an alias, a SHA-256, or a file: manifest, statement, .tflite")
    ],
) -> None:
    """Say in a few lines what holds: who signed it, whether it was changed, where it comes from."""
    from weldspot.provenance.verify import show as step

    step(here.obj.workspace, what)


DIFFERENT = 13  # exit status


@app.command()
def reproduce(
    here: Here,
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="of a registered .tflite, eight digits at least")],
    this: Annotated[
        bool, typer.Option("--here", help="in the environment that this runs in, not in that of requirements.lock")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="leave the clone, to look at it")] = False,
) -> None:
    """Make a model again from its commit, lock file and data, and compare. Exit status 13 when it is another."""
    from weldspot.provenance.reproduce import reproduce as step

    raise typer.Exit(0 if step(here.obj.workspace, sha256, this, keep) else DIFFERENT)


@keys.command()
def make(
    here: Here,
    days: Days = 730,
    anew: Annotated[bool, typer.Option("--anew", help="begin again: key and recovery key are lost")] = False,
) -> None:
    """Make the key that signs, and the recovery key that hands over when it is lost."""
    from weldspot.signing.keys import make as step

    step(here.obj.workspace, days, anew)


@keys.command()
def show(here: Here) -> None:
    """Show which keys there were, and which signs now; nothing of a private half."""
    from weldspot.signing.keys import show as step

    step(here.obj.workspace)


@keys.command()
def rotate(
    here: Here,
    days: Days = 730,
    recovery: Annotated[Path | None, typer.Option(help="the recovery key's file, where the key is lost")] = None,
) -> None:
    """Make the next key, which the one before hands over to."""
    from weldspot.signing.keys import rotate as step

    step(here.obj.workspace, days, here.obj.workspace.root / recovery if recovery else None)
