"""The verbs around a repository: one of one's own, its weldspot, and what this machine can do with it."""

from pathlib import Path
from typing import Annotated

import typer

from weldspot.cli.session import Here, app


@app.command()
def new(
    here: Here,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="a folder that is not there yet, or empty")],
    labels: Annotated[
        str, typer.Option(help="the classes: a list that weldspot has, a file, or a name for the one that --path shows")
    ] = "weld",
    source: Annotated[str, typer.Option(help="sample | folder | roboflow; folder where --path is given")] = "",
    path: Annotated[Path | None, typer.Option(help="the photographs: a folder or a zip")] = None,
    name: Annotated[str, typer.Option(help="in the README and in MLflow; DIR's own when not given")] = "",
) -> None:
    """Make a repository of your own, whose code is the installed weldspot."""
    from weldspot.repository import new as verb

    target = (here.obj.workspace.root / directory).resolve()
    photographs = (here.obj.workspace.root / path).resolve() if path else None
    chosen = source or ("folder" if path else "sample")
    if labels.endswith(".yaml"):
        labels = str(here.obj.workspace.root / labels)
    verb.new(target, verb.Wanted(labels, chosen, photographs, name or verb.name_of(target)))


@app.command()
def upgrade(
    here: Here,
    check: Annotated[
        bool, typer.Option("--check", help="only say whether it is the installed one; exit status 1 if not")
    ] = False,
) -> None:
    """Bring a repository of `weldspot new` up to the weldspot that is installed."""
    from weldspot.repository import upgrade as verb

    (verb.check if check else verb.upgrade)(here.obj.workspace.root)


@app.command()
def doctor(here: Here) -> None:
    """What this machine can do, and what to do about what it can't. Exit status 1 where `dvc repro` can't run."""
    from weldspot.doctor.doctor import doctor as verb

    raise typer.Exit(0 if verb(here.obj.workspace) else 1)
