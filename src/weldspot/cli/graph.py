"""The verbs of the graph: its parameters, its list of classes, its stages."""

import os
import shlex
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from weldspot.cli.session import Here, app, use_engine
from weldspot.runtime import processes
from weldspot.runtime.dvc_lock import STAGES
from weldspot.runtime.errors import WeldspotError


@app.command()
def compose(
    here: Here,
    overrides: Annotated[list[str] | None, typer.Argument(help="Hydra overrides, such as training=full")] = None,
) -> None:
    """Write params.yaml from conf/ and the overrides given."""
    from weldspot.config.compose import compose as write

    write(overrides or [], here.obj.workspace.conf, here.obj.workspace.params)


@app.command()
def config(here: Here) -> None:
    """Print every value of params.yaml and where it comes from."""
    from weldspot.config import parameters
    from weldspot.config.provenance import provenance, table

    parameters.load(here.obj.workspace.params)
    print(table(provenance(here.obj.workspace.params, here.obj.workspace.conf)))


@app.command()
def labels(
    here: Here,
    source: Annotated[Path, typer.Option("--from", metavar="PATH", help="the export: a folder or a zip")],
    name: Annotated[str, typer.Option(help="of the list: conf/labels/<name>.yaml", show_default=True)] = "mine",
) -> None:
    """Write a list of classes from the names in an export, to be looked at and kept."""
    from weldspot.config import parameters
    from weldspot.repository import class_list

    target = here.obj.workspace.conf / "labels" / f"{class_list.named(name, '--name')}.yaml"
    if target.exists():
        raise WeldspotError(f"{target}: is there already; give another --name, or delete it first")
    params = here.obj.workspace.params
    layouts = parameters.load(params).ingest.layouts if params.exists() else []
    said, count = class_list.write(here.obj.workspace.root / source, str(source), target, layouts)
    print(said)
    print(f"labels: {target} has {count}: look at it, then")
    print(f"labels: `weldspot compose labels={name} source=folder source.path={shlex.quote(str(source))}`, `dvc repro`")


@app.command()
def run(here: Here, stage: Annotated[str, typer.Argument(help=" | ".join(STAGES))]) -> None:
    """Run one stage of the graph on params.yaml; `dvc repro` does it in order, and only what is stale."""
    workspace = here.obj.workspace
    if stage not in STAGES:
        raise WeldspotError(f"{stage}: no such stage; there are: {', '.join(STAGES)}")
    processes.own_code(workspace.root)
    from weldspot.runtime.dvc_recovery import sweep_run_cache

    sweep_run_cache(workspace.root / ".dvc")  # first of all: DVC fails if it is killed once more before this
    if stage == "export":
        os.environ["KERAS_BACKEND"] = "tensorflow"  # the one that converts, whichever trained
    if stage in ("evaluate", "export"):  # train does it when its MLflow run is on the way
        from weldspot.runtime.tensorflow_import import import_tensorflow

        import_tensorflow()
    from weldspot.config import parameters
    from weldspot.runtime.dvc_cache import inputs
    from weldspot.runtime.locks import queued

    params = parameters.load(workspace.params)
    if workspace.made_with.exists():
        from weldspot.repository.code import check

        check(workspace.root, stage, params.source.name)
    params.find_plugins()  # before minutes go into the stages that come before the one that needs it
    use_engine(params)
    with ExitStack() as held:
        held.enter_context(queued(workspace.lock("stage"), stage))
        if stage == "ingest":  # what the gate admits meanwhile would pass for read
            held.enter_context(queued(workspace.lock("feedback"), stage))
        if os.environ.get("DVC_STAGE"):  # started by DVC, which says in dvc.lock what lies here
            inputs.check_stage(workspace.root, stage, workspace.damaged)
        module = import_module(f"weldspot.stages.{stage}")
        module.main(workspace, params.select(module.Params))
    if stage == "export":
        from weldspot.provenance.attest import exported

        exported(workspace)
