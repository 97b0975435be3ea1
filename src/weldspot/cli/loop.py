"""The verbs around the graph: feedback, drift, promotion, publishing, and what they show."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weldspot.cli.session import Here, app, use_engine
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.contracts.reviewed import Decided


@app.command()
def simulate(
    here: Here,
    shift: Annotated[
        str, typer.Option(help="none | night | blur | white-balance | jpeg | new-plates | more-porosity | model-wrong")
    ] = "none",
    images: Annotated[int, typer.Option(min=1, max=100_000)] = 200,
    seed: Annotated[int | None, typer.Option(min=0, help="other photographs each time when not given")] = None,
) -> None:
    """Feedback as welders would send it, from rendered photographs, with a named shift or none."""
    from weldspot.config import parameters
    from weldspot.loop.simulation import shifts
    from weldspot.loop.simulation import simulate as step

    if shift not in shifts.SHIFTS:
        raise WeldspotError(f"{shift}: no such shift; there are: {', '.join(shifts.SHIFTS)}")
    use_engine(parameters.load(here.obj.workspace.params))
    step.simulate(here.obj.workspace, shift, images, seed)


@app.command()
def collect(here: Here) -> None:
    """Fetch what welders have sent into data/inbox."""
    from weldspot.loop.feedback.collect import collect as step
    from weldspot.loop.revoking.revoke import resume

    resume(here.obj.workspace)
    step(here.obj.workspace)


@app.command()
def gate(here: Here) -> None:
    """Judge the waiting feedback: has the world drifted? Exit status 0 no drift, 10 drift, 11 not enough data."""
    from weldspot.loop.drift.gate import gate as step
    from weldspot.loop.revoking.revoke import resume

    resume(here.obj.workspace)
    status = {"no-drift": 0, "drift": 10, "insufficient-data": 11}
    raise typer.Exit(status[step(here.obj.workspace)])


@app.command()
def review(
    here: Here,
    upload: Annotated[str, typer.Argument(help="the correction to decide on; without it all that wait are shown")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="the welder's labels hold")] = False,
    labels: Annotated[str, typer.Option(help="these hold instead, with commas between")] = "",
    reject: Annotated[str, typer.Option(metavar="REASON", help="it becomes no training data")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="the last decision on it does not hold")] = False,
    by: Annotated[str, typer.Option(envvar="WELDSPOT_REVIEWER", help="your name, written beside each decision")] = "",
    to: Annotated[Path | None, typer.Option(help="write all that wait to a CSV, to be filled in")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="take the decisions of such a CSV")] = None,
    measure: Annotated[bool, typer.Option("--measure", hidden=True)] = False,
) -> None:
    """Look at the corrections that wait, and decide on them; /review of `weldspot serve` does it with the pictures."""
    from weldspot.loop.desk import review as step

    workspace = here.obj.workspace
    given: dict[Decided, bool] = {"accept": accept, "change": bool(labels), "reject": bool(reject), "undo": undo}
    chosen = [word for word, there in given.items() if there]
    if sum(map(bool, (upload, to, source, measure))) > 1 or len(chosen) > 1 or (chosen and not upload):
        raise WeldspotError("review: one thing at a time: UPLOAD with one decision, --to FILE, or --from FILE")
    if upload and not chosen:
        raise WeldspotError(f"review: {upload}: what of it? --accept, --labels, --reject REASON or --undo")
    if chosen:
        names = [name for part in labels.split(",") if (name := part.strip())]
        step.decide(workspace, upload, chosen[0], by, names, reject)
    elif source is not None:
        step.read(workspace, source, by)
    elif to is not None:
        step.write(workspace, to)
    elif measure:
        step.measure(workspace)
    else:
        step.show(workspace)


REFUSED = 12  # exit status


@app.command()
def promote(here: Here) -> None:
    """Make staging production, if it is at least as good on what neither has seen. Exit status 12 when refused."""
    from weldspot.loop.promotion.promote import promote as step

    raise typer.Exit(0 if step(here.obj.workspace) else REFUSED)


@app.command()
def publish(
    here: Here,
    target: Annotated[
        list[str] | None, typer.Option(help="local | firebase_ml | firebase_storage; may be given again")
    ] = None,
    canary: Annotated[
        str, typer.Option(metavar="SHARE", help="to this share of the phones first, such as 10%; 100% ends a canary")
    ] = "",
) -> None:
    """Bring the production version to where phones look; what serves it already is left alone."""
    from weldspot.loop.canary.canary import begin
    from weldspot.loop.publishing.publish import publish_production

    if not canary:
        publish_production(here.obj.workspace, target)
    elif target:
        raise WeldspotError("publish: --canary is for all targets of params.yaml; leave out --target")
    else:
        begin(here.obj.workspace, _share(canary))


def _share(text: str) -> float:
    """Of "10%" or "0.1"."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise WeldspotError(f"publish: --canary {text}: a share of the phones is meant, such as 10% or 0.1")
    return share


@app.command()
def canary(here: Here) -> None:
    """Look at how a new model does on its share of the phones: widen it, take it back, or wait."""
    from weldspot.loop.canary.canary import go_on
    from weldspot.loop.publishing.publish import publish_production
    from weldspot.loop.rollback import rollback as back

    workspace = here.obj.workspace
    if go_on(workspace, lambda: back(workspace, lambda: publish_production(workspace))) is None:
        print("canary: nothing is tried now; `weldspot publish --canary 10%` begins")


@app.command()
def serve(
    here: Here,
    host: Annotated[str, typer.Option(help="the address to listen on; 0.0.0.0 for the whole network")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8000,
    token_file: Annotated[
        Path | None, typer.Option(help="has the token, else WELDSPOT_TOKEN; made up beyond loopback without either")
    ] = None,
    self_signed: Annotated[bool, typer.Option("--self-signed", help="https, which a phone's camera needs")] = False,
    config: Annotated[Path | None, typer.Option(help="JSON to serve as /config.json; docs/serving.md")] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="the name under which a reverse proxy shows it; may be given again")
    ] = None,
) -> None:
    """Serve the phone app, its model and the page about the loop; take in the welder's corrections."""
    from weldspot.server.serve import serve as start

    start(here.obj.workspace, host, port, token_file, self_signed, config, allowed=allowed_host or [])


@app.command()
def rollback(here: Here) -> None:
    """Give production back to the previous version, and publish that."""
    from weldspot.loop.publishing.publish import publish_production
    from weldspot.loop.rollback import rollback as step

    step(here.obj.workspace, lambda: publish_production(here.obj.workspace))


@app.command()
def retrain(here: Here) -> None:
    """Collect, judge, and on drift retrain, promote, publish and tell. Exit status 12 when the new model is refused."""
    from weldspot.loop.retrain import retrain as step
    from weldspot.loop.revoking.revoke import resume

    resume(here.obj.workspace)
    raise typer.Exit(REFUSED if step(here.obj.workspace).promoted is False else 0)


@app.command()
def revoke(
    here: Here,
    what: Annotated[str, typer.Argument(help="a batch, an uploader, an upload's id or a photograph's SHA-256")],
    why: Annotated[str, typer.Option(help="kept in data/revoked.jsonl, with who and when")],
    erase: Annotated[bool, typer.Option("--erase", help="its bytes also from caches, remotes and the spool")] = False,
) -> None:
    """Take feedback back, for good: out of the data, never collected again; versions that learnt from it are marked."""
    from weldspot.loop.revoking.revoke import revoke as step

    step(here.obj.workspace, what, why, erase)


@app.command()
def status(here: Here) -> None:
    """The whole loop on one screen."""
    from weldspot.loop.status import status as step

    print(step(here.obj.workspace))


@app.command()
def lineage(
    here: Here,
    what: Annotated[str, typer.Argument(help="MLflow run, model version, commit or SHA-256 of a .tflite")],
) -> None:
    """What made this model, or which models this commit made."""
    from weldspot.config import parameters
    from weldspot.registry.lineage import describe

    print(describe(here.obj.workspace, parameters.load(here.obj.workspace.params).tracking, what))
