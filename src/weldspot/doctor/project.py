"""The folder: a project, whose parameters are valid, whose code is the one that it names, whose data is there."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import compose, parameters
from weldspot.doctor.finding import Finding, missing, ok
from weldspot.repository import code
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Project:
    """`params`: None where there are none that can be read, and `problem` says why."""

    root: Path
    params: parameters.Params | None
    problem: str = ""


def read(workspace: "Workspace") -> Project | None:
    """The project in the workspace; None where there is none."""
    if not workspace.params.exists() and not (workspace.root / "dvc.yaml").exists():
        return None
    try:
        return Project(workspace.root, parameters.load(workspace.params))
    except WeldspotError as error:
        return Project(workspace.root, None, error.line())


def examine(workspace: "Workspace", project: Project | None) -> Iterator[Finding]:
    """The lines about the project."""
    if project is None:
        cure = "stand in one, or name it: weldspot -C DIR doctor; a new one: weldspot new DIR"
        yield missing("Project", f"none in {workspace.root.resolve()}", cure, stops=True)
        return
    yield folder(workspace.root)
    yield graph(workspace.root)
    yield values(project)
    if project.params is not None:
        yield photographs(project.params, workspace.root)
    yield data(workspace)


def folder(root: Path) -> Finding:
    """Whether it can be written to."""
    if os.access(root, os.W_OK | os.X_OK):
        return ok("Project", str(root.resolve()))
    return missing(
        "Project", f"{root.resolve()} is read-only here", "make it writable, or clone it elsewhere", stops=True
    )


def graph(root: Path) -> Finding:
    """dvc.yaml, and whether the code that it runs is the one that weldspot.yaml names."""
    if not (root / "dvc.yaml").is_file():
        return missing("Graph", "no dvc.yaml", "git checkout dvc.yaml", stops=True)
    try:
        there = code.recorded(root)
        if there is None:
            return ok("Graph", "dvc.yaml; its code is the one in src/")
        here = code.installed({})
    except WeldspotError as error:
        return missing("Graph", error.line(), stops=True)
    if changed := code.changes(there, here):
        return missing("Graph", code.difference(there, here, changed), stops=True)
    return ok("Graph", f"dvc.yaml; its code is weldspot {here.version}, as weldspot.yaml says")


def values(project: Project) -> Finding:
    """params.yaml."""
    if project.params is None:
        return missing("Parameters", project.problem, "weldspot compose writes params.yaml anew", stops=True)
    labels, source = project.params.labels, project.params.source
    said = f"{len(labels.names)} classes, source={source.name}, training={project.params.training.name}"
    return ok("Parameters", f"params.yaml is valid: {said}")


def photographs(params: parameters.Params, root: Path) -> Finding:
    """What `source.path` and `source.background` name."""
    try:
        compose.check_paths(params, root)
    except WeldspotError as error:
        return missing("Source", error.line(), stops=True)
    return ok("Source", f"source.path={params.source.path}")


def data(workspace: "Workspace") -> Finding:
    """data/, which the graph reads beside the source."""
    absent = [path.name for path in (workspace.data / "background", workspace.feedback) if not path.is_dir()]
    if not absent:
        waiting = sum(1 for _ in workspace.inbox.glob("*.parquet"))
        return ok("Data", f"data/ is here; {waiting} feedback batches wait" if waiting else "data/ is here")
    if not (workspace.root / "data.dvc").is_file():
        return missing(
            "Data", "neither data/ nor data.dvc", "git checkout data.dvc, then dvc pull data.dvc", stops=True
        )
    said = "data/ is not restored" if not workspace.data.exists() else f"data/ is here without {' and '.join(absent)}"
    return missing("Data", said, "dvc pull data.dvc", stops=True)
