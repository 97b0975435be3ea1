"""weldspot gate: has the world drifted from what the production model was judged on?"""

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from weldspot.config import parameters
from weldspot.config.sections.loop import Loop
from weldspot.contracts.verdict import JudgedModel, Outcome, Verdict
from weldspot.loop.drift import calibration, reading, standing, statistics
from weldspot.loop.drift.judging import DRIFT, INSUFFICIENT, Case, judge, too_few
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.loop.feedback import inbox
from weldspot.loop.influence import known
from weldspot.loop.influence.fair import Copies
from weldspot.loop.review import admission, agreement, policy
from weldspot.loop.review.log import Log
from weldspot.registry import versions
from weldspot.registry.model_registry import PRODUCTION, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime import atomic, locks
from weldspot.tracking import monitoring

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def gate(workspace: "Workspace") -> Outcome:
    """Judges the feedback batches that no verdict has covered; on drift admits all that wait. Returns the outcome.

    Writes reports/gate/: verdict.json, Evidently's report.html, surprises.png.

    Raises:
        WeldspotError: there is no production model.
    """
    params = parameters.load(workspace.params)
    with locks.exclusive(workspace.lock("gate")), _production(workspace, params) as version:
        if admitted := _finish(workspace, params.loop):
            return admitted
        batches = inbox.unjudged(workspace)
        if not batches and (last := _standing(workspace)):
            print(f"gate: nothing new since the last verdict, which stands: {last}")
            return last
        return _judge(workspace, params, version, batches)


def class_thresholds(version: ModelVersion) -> PerClass:
    """The scores from which on the version's model calls a photograph one of each class."""
    return np.array([version.manifest.thresholds[name] for name in version.manifest.labels])


def _judge(workspace: "Workspace", params: parameters.Params, version: ModelVersion, batches: list[Path]) -> Outcome:
    section = params.loop.gate
    case = Case(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=JudgedModel(version=version.version, sha256=version.sha256),
        batches=[path.name for path in batches],
        images=sum(inbox.sizes(batches)),
    )
    waiting = reading.waiting(batches, version)
    if len(waiting.positions) < section.min_images:
        return _too_few(workspace, too_few(case, section, waiting.left_out))
    for reason, count in waiting.left_out.most_common():
        print(f"gate: {count} photographs are not judged by version {version.version}: {reason} (docs/labels.md)")
    reference, components = reading.reference(version)
    prepared = version.preprocess(params.preprocess)
    copies = Copies(known.read(workspace), params.ingest.near_duplicate)
    found = reading.feedback(batches, waiting.positions, version, prepared, components, section, copies)
    for note in found.notes:
        print(f"gate: {note}")
    count = len(found.sample)
    if count < section.min_images:
        return _too_few(workspace, too_few(case, section, waiting.left_out, count, found.notes))
    against = f"{len(reference)} of version {version.version}'s held-out ones"
    print(f"gate: {count} photographs against {against}")
    thresholds = class_thresholds(version)
    limits = calibration.calibrate(reference, count, thresholds, section)
    verdict = judge(case, reference, found.sample, thresholds, limits, section)
    verdict = standing.without_any_one(verdict, reference, found.sample, found.senders, thresholds, limits, section)
    uploaders = agreement.of_verdict(found.senders, Log(workspace).last().values())
    verdict = verdict.model_copy(
        update={name: value for name, value in (("notes", list(found.notes)), ("uploaders", uploaders)) if value}
    )
    if verdict.outcome == INSUFFICIENT:  # not remembered: they are judged again with what comes next
        return _too_few(workspace, verdict)
    _report(workspace, verdict, reference, found, thresholds, limits, section.statistics)
    monitoring.record_verdict(workspace, params.tracking, verdict, workspace.verdict.parent)
    said = inbox.Judged(outcome=verdict.outcome, model=version.sha256, at=case.at)
    inbox.record(workspace, batches, said)
    _say(workspace, verdict)
    return _finish(workspace, params.loop) or verdict.outcome


def _finish(workspace: "Workspace", section: Loop) -> Outcome | None:
    """Admits what a verdict of drift covers and the policy allows, also when an earlier run was killed on the way."""
    found = admission.admit(workspace, section)
    inbox.track(workspace)
    if found.admitted or found.waiting:
        print(f"gate: {policy.SENTENCES[section.admit]}")
    if found.refused:
        print(f"gate: {found.refused} corrections that a reviewer refused are in {workspace.rejected}")
    if found.waiting:
        print(f"gate: {found.waiting} corrections wait for a reviewer; next: `weldspot review`, then `weldspot gate`")
    if not found.moved:
        return None
    print(
        f"gate: {len(found.moved)} batch(es) with {found.admitted} photographs admitted to {workspace.feedback}, "
        "data.dvc is up to date; next: `dvc repro`"
    )
    return DRIFT


def _standing(workspace: "Workspace") -> Outcome | None:
    """The verdict that covers all that waits; None when nothing waits."""
    outcomes = [entry.outcome for entry in inbox.judged(workspace).values()]
    return outcomes[-1] if inbox.waiting(workspace) and outcomes else None


@contextmanager
def _production(workspace: "Workspace", params: parameters.Params) -> Iterator[ModelVersion]:
    with tempfile.TemporaryDirectory() as folder:
        yield versions.fetch(ModelRegistry(workspace, params.tracking), PRODUCTION, Path(folder))


def _too_few(workspace: "Workspace", verdict: Verdict) -> Outcome:
    with atomic.replacing_folder(workspace.verdict.parent) as folder:
        atomic.write_bytes(folder / workspace.verdict.name, verdict.json_bytes())
    print(f"gate: {INSUFFICIENT}: {verdict.reasons[0]}; collect more with `weldspot collect`")
    return verdict.outcome


def _report(
    workspace: "Workspace",
    verdict: Verdict,
    reference: Sample,
    found: reading.Feedback,
    thresholds: PerClass,
    limits: calibration.DriftLimits,
    own: Sequence[str],
) -> None:
    from weldspot.loop.drift import evidently_report, surprises

    measured = {one.name: one.value for one in verdict.statistics or []}
    of_own = {name: measured.get(statistics.own_name(name), math.nan) for name in own}
    snapshot = evidently_report.report(reference, found.sample, thresholds, limits, of_own)
    with atomic.replacing_folder(workspace.verdict.parent) as folder:
        evidently_report.save(snapshot, folder / "report.html", verdict)
        surprises.draw(folder / "surprises.png", found.images, found.sample, reference)
        atomic.write_bytes(folder / workspace.verdict.name, verdict.json_bytes())


def _say(workspace: "Workspace", verdict: Verdict) -> None:
    page = workspace.verdict.with_name("report.html")
    if verdict.outcome != DRIFT:
        print(
            f"gate: {verdict.outcome}: {next(iter(verdict.reasons), 'nothing moved beyond chance')}; report in {page}"
        )
        return
    print(f"gate: {DRIFT}: {len(verdict.reasons)} thing(s) moved; report in {page}")
    for reason in verdict.reasons[:10]:
        print(f"  {reason}")
