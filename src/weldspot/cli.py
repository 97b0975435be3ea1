"""`weldspot <verb>`: thin; every verb imports what it needs when it runs."""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from weldspot.runtime import processes
from weldspot.runtime.dvc_lock import STAGES
from weldspot.runtime.errors import WeldspotError, told
from weldspot.runtime.terminal.readers import outlive_readers
from weldspot.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Weld photographs in, a checked phone model out.",
)


@dataclass
class _Session:
    """One call of the command line."""

    workspace: Workspace


class _Here(typer.Context):
    """What every verb is given."""

    obj: _Session


@app.callback()
def _open(
    here: _Here,
    directory: Annotated[
        Path, typer.Option("-C", metavar="DIR", help="the folder with params.yaml and dvc.yaml", show_default=False)
    ] = Path(),
) -> None:
    if not os.path.isdir(directory):  # as it is, false also where a name is too long or holds a zero byte
        raise WeldspotError(f"-C {directory}: no such folder; name the one with params.yaml and dvc.yaml")
    here.obj.workspace = Workspace(directory)


@app.command()
def compose(
    here: _Here,
    overrides: Annotated[list[str] | None, typer.Argument(help="Hydra overrides, such as training=full")] = None,
) -> None:
    """Write params.yaml from conf/ and the overrides given."""
    from weldspot.config.compose import compose as write

    write(overrides or [], here.obj.workspace.conf, here.obj.workspace.params)


@app.command()
def config(here: _Here) -> None:
    """Print every value of params.yaml and where it comes from."""
    from weldspot.config import parameters
    from weldspot.config.provenance import provenance, table

    parameters.load(here.obj.workspace.params)
    print(table(provenance(here.obj.workspace.params, here.obj.workspace.conf)))


@app.command()
def run(here: _Here, stage: Annotated[str, typer.Argument(help=" | ".join(STAGES))]) -> None:
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
    with queued(workspace.lock("stage"), stage):
        if os.environ.get("DVC_STAGE"):  # started by DVC, which says in dvc.lock what lies here
            inputs.check_stage(workspace.root, stage, workspace.damaged)
        module = import_module(f"weldspot.stages.{stage}")
        module.main(workspace, params.select(module.Params))


@app.command()
def simulate(
    here: _Here,
    shift: Annotated[
        str, typer.Option(help="none | night | blur | white-balance | jpeg | new-plates | more-porosity | model-wrong")
    ] = "none",
    images: Annotated[int, typer.Option(min=1, max=100_000)] = 200,
    seed: Annotated[int | None, typer.Option(min=0, help="other photographs each time when not given")] = None,
) -> None:
    """Feedback as welders would send it, from rendered photographs, with a named shift or none."""
    from weldspot.loop.simulation import shifts
    from weldspot.loop.simulation import simulate as step

    if shift not in shifts.SHIFTS:
        raise WeldspotError(f"{shift}: no such shift; there are: {', '.join(shifts.SHIFTS)}")
    step.simulate(here.obj.workspace, shift, images, seed)


@app.command()
def collect(here: _Here) -> None:
    """Fetch what welders have sent into data/inbox."""
    from weldspot.loop.feedback.collect import collect as step

    step(here.obj.workspace)


@app.command()
def gate(here: _Here) -> None:
    """Judge the waiting feedback: has the world drifted? Exit status 0 no drift, 10 drift, 11 not enough data."""
    from weldspot.loop.drift.gate import gate as step

    status = {"no-drift": 0, "drift": 10, "insufficient-data": 11}
    raise typer.Exit(status[step(here.obj.workspace)])


REFUSED = 12  # exit status


@app.command()
def promote(here: _Here) -> None:
    """Make staging production, if it is at least as good on what neither has seen. Exit status 12 when refused."""
    from weldspot.loop.promotion.promote import promote as step

    raise typer.Exit(0 if step(here.obj.workspace) else REFUSED)


@app.command()
def publish(
    here: _Here,
    target: Annotated[
        list[str] | None, typer.Option(help="local | firebase_ml | firebase_storage; may be given again")
    ] = None,
) -> None:
    """Bring the production version to where phones look; what serves it already is left alone."""
    from weldspot.loop.publishing.publish import publish_production

    publish_production(here.obj.workspace, target)


@app.command()
def serve(
    here: _Here,
    host: Annotated[str, typer.Option(help="the address to listen on; 0.0.0.0 for the whole network")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8000,
    token: Annotated[str, typer.Option(envvar="WELDSPOT_TOKEN", help="made up beyond loopback, unless given")] = "",
    self_signed: Annotated[bool, typer.Option("--self-signed", help="https, which a phone's camera needs")] = False,
    config: Annotated[Path | None, typer.Option(help="JSON to serve as /config.json; docs/serving.md")] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="the name under which a reverse proxy shows it; may be given again")
    ] = None,
) -> None:
    """Serve the phone app, its model and the page about the loop; take in the welder's corrections."""
    from weldspot.server.serve import serve as start

    start(here.obj.workspace, host, port, token, self_signed, config, allowed=allowed_host or [])


@app.command()
def rollback(here: _Here) -> None:
    """Give production back to the previous version, and publish that."""
    from weldspot.loop.publishing.publish import publish_production
    from weldspot.loop.rollback import rollback as step

    step(here.obj.workspace, lambda: publish_production(here.obj.workspace))


@app.command()
def retrain(here: _Here) -> None:
    """Collect, judge, and on drift retrain, promote, publish and tell. Exit status 12 when the new model is refused."""
    from weldspot.loop.retrain import retrain as step

    raise typer.Exit(REFUSED if step(here.obj.workspace).promoted is False else 0)


@app.command()
def status(here: _Here) -> None:
    """The whole loop on one screen."""
    from weldspot.loop.status import status as step

    print(step(here.obj.workspace))


@app.command()
def lineage(
    here: _Here,
    what: Annotated[str, typer.Argument(help="MLflow run, model version, commit or SHA-256 of a .tflite")],
) -> None:
    """What made this model, or which models this commit made."""
    from weldspot.config import parameters
    from weldspot.registry.lineage import describe

    print(describe(here.obj.workspace, parameters.load(here.obj.workspace.params).tracking, what))


def main() -> None:
    """The entry point: any error is one line on stderr and exit status 1, an interrupt is 130."""
    from weldspot.config.secrets import Redactor
    from weldspot.runtime.terminal import screen

    outlive_readers()
    session = _Session(Workspace(Path()))
    processes.own_tools_first()
    with screen.guarded(Redactor(lambda: session.workspace.root / ".env"), screen.title(sys.argv[1:])):
        _answered(session)


def _answered(session: _Session) -> None:
    try:
        sys.exit(app(obj=session, standalone_mode=False))  # typer turns an interrupt into the value 130
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "format_message"):
            sys.exit(_misused(error))
        print(f"weldspot: error: {told(error).line()}", file=sys.stderr)
        sys.exit(1)


def _misused(error: Any) -> int:
    """Tells of click's own error: one line, but for a call without any argument, which gets the help."""
    misuse = WeldspotError(error.format_message())
    verb = getattr(getattr(error, "ctx", None), "command_path", "weldspot")
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        print(f"weldspot: error: {misuse.line()} See `{verb} --help`.", file=sys.stderr)
    return int(error.exit_code)


if __name__ == "__main__":
    main()
