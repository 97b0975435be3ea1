"""weldspot gate: has the world drifted from what the production model was judged on?"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from weldspot.config import parameters
from weldspot.config.sections import loop
from weldspot.labels import CLASSES
from weldspot.loop.drift import calibration, reading
from weldspot.loop.feedback import inbox
from weldspot.registry import versions
from weldspot.runtime.locks import lock
from weldspot.loop.drift.verdict import DRIFT, INSUFFICIENT, Verdict, judge
from weldspot.runtime.atomic import whole, write_json
from weldspot.tracking import runs

REPORT = Path("reports/gate")
VERDICT = REPORT / "verdict.json"


def gate() -> str:
    """Judges the batches that no verdict has covered; on drift admits all that wait. Returns the outcome.

    Writes reports/gate/: verdict.json, Evidently's report.html, surprises.png. Raises WeldspotError without production.
    """
    params, section = parameters.load(), loop.load().gate
    with lock("gate"), _fetched() as version:
        if admitted := _finish():
            return admitted
        batches = inbox.unjudged()
        if not batches and (last := _standing()):
            print(f"gate: nothing new since the last verdict, which stands: {last}")
            return last
        return _judge(params, section, version, batches)


def _judge(params: parameters.Params, section: loop.Gate, version: versions.Deployed, batches: list[Path]) -> str:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    facts: dict = {"at": at, "model": {"version": version.version, "sha256": version.sha256}}
    facts["batches"] = [path.name for path in batches]
    count = sum(inbox.sizes(batches))
    if count < section.min_images:
        reason = f"{count} photographs wait to be judged, {section.min_images} are asked for (loop.gate.min_images)"
        with whole(REPORT) as folder:
            write_json(folder / VERDICT.name, {"outcome": INSUFFICIENT, "reasons": [reason], "images": count} | facts)
        print(f"gate: {INSUFFICIENT}: {reason}; collect more with `weldspot collect`")
        return INSUFFICIENT
    reference, components = reading.reference(version)
    prepared = version.preprocess(params.preprocess)
    found = reading.feedback(batches, version, prepared, components, section.max_images, section.seed)
    print(f"gate: {count} photographs against {len(reference)} of version {version.version}'s held-out ones")
    decisions = np.array([version.manifest["thresholds"][name] for name in CLASSES])
    limits = calibration.calibrate(reference, len(found.sample), decisions, section)
    verdict = judge(reference, found.sample, decisions, limits, section)
    facts |= {"images": count, "judged": len(found.sample), "reference": len(reference)}
    facts |= {"false_alarm_rate": section.false_alarm_rate, "statistics": verdict.rows}
    _report(verdict, facts, reference, found, decisions, limits)
    _log(params, verdict, facts)
    inbox.record(batches, verdict.outcome, version.sha256, at)
    _say(verdict)
    return _finish() or verdict.outcome


def _finish() -> str | None:
    """Admits what a verdict of drift covers, also when an earlier run was killed on the way."""
    moved = inbox.admit()
    inbox.track()
    if not moved:
        return None
    print(f"gate: {len(moved)} batch(es) admitted to {inbox.ADMITTED}, data.dvc is up to date; next: `dvc repro`")
    return DRIFT


def _standing() -> str | None:
    """The verdict that covers all that waits; None when nothing waits."""
    outcomes = [entry["outcome"] for entry in inbox.judged().values()]
    return outcomes[-1] if inbox.waiting() and outcomes else None


@contextmanager
def _fetched() -> Iterator[versions.Deployed]:
    with tempfile.TemporaryDirectory() as folder:
        yield versions.fetch(versions.PRODUCTION, Path(folder))


def _report(
    verdict: Verdict,
    facts: dict,
    reference: reading.Sample,
    found: reading.Feedback,
    decisions: np.ndarray,
    limits: calibration.Limits,
) -> None:
    from weldspot.loop.drift import evidently_report, surprises

    snapshot = evidently_report.report(reference, found.sample, decisions, limits.thresholds)
    with whole(REPORT) as folder:
        evidently_report.save(snapshot, folder / "report.html")
        surprises.draw(folder / "surprises.png", found.images, found.sample, reference)
        write_json(folder / VERDICT.name, {"outcome": verdict.outcome, "reasons": verdict.reasons} | facts)


def _log(params: parameters.Params, verdict: Verdict, facts: dict) -> None:
    """A run in the monitoring experiment: every statistic, the verdict, the report."""
    import mlflow

    tracking = params.tracking.model_copy(update={"experiment": f"{params.tracking.experiment}-monitoring"})
    experiment = runs.connect(params.model_copy(update={"tracking": tracking}))
    tags = {"outcome": verdict.outcome} | {f"model.{key}": value for key, value in facts["model"].items()}
    with mlflow.start_run(experiment_id=experiment, run_name=f"gate-{facts['at']}", tags=tags):
        mlflow.set_tag("mlflow.note.content", "\n- ".join([f"**{verdict.outcome}**", *verdict.reasons]))
        mlflow.log_metrics({_metric(row["name"]): row["value"] for row in verdict.rows})
        mlflow.log_metrics({f"limit.{_metric(row['name'])}": row["limit"] for row in verdict.rows})
        mlflow.log_metric("images", facts["images"])
        mlflow.log_artifacts(str(REPORT))


def _metric(name: str) -> str:
    return name.replace(": ", ".")


def _say(verdict: Verdict) -> None:
    if verdict.outcome != DRIFT:
        print(f"gate: {verdict.outcome}: nothing moved beyond chance; report in {REPORT}/report.html")
        return
    print(f"gate: {DRIFT}: {len(verdict.reasons)} thing(s) moved; report in {REPORT}/report.html")
    for reason in verdict.reasons[:10]:
        print(f"  {reason}")
