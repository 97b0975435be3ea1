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
from weldspot.contracts.verdict import JudgedModel, Outcome, Phones, Verdict
from weldspot.loop.drift import reading, statistics
from weldspot.loop.drift.judging import DRIFT, INSUFFICIENT, Case, too_few
from weldspot.loop.drift.lifetime import verdict_log, window
from weldspot.loop.drift.looking import Judge, Look, together
from weldspot.loop.drift.statistics import PerClass
from weldspot.loop.feedback import inbox
from weldspot.loop.review import admission, agreement, policy
from weldspot.loop.review.log import Log
from weldspot.loop.telemetry import watched
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
    now = datetime.now(UTC)
    case = _case(now, version, batches)
    waiting = reading.waiting(batches, version)
    if len(waiting.positions) < section.min_images:
        return _too_few(workspace, too_few(case, section, waiting.left_out))
    for reason, count in waiting.left_out.most_common():
        print(f"gate: {count} photographs are not judged by version {version.version}: {reason} (docs/labels.md)")
    judge = Judge(workspace, params, version, class_thresholds(version))
    found = judge.read(batches, waiting)
    for note in found.notes:
        print(f"gate: {note}")
    count = len(found.sample)
    if count < section.min_images:
        return _too_few(workspace, too_few(case, section, waiting.left_out, count, found.notes))
    print(f"gate: {count} photographs against {len(judge.reference)} of version {version.version}'s held-out ones")
    rate = verdict_log.rate(workspace, case.batches, version.sha256, now, section.false_alarm_years)
    look = _looked(workspace, judge, version, case, found, section.window, rate)
    uploaders = agreement.of_verdict(look.found.senders, Log(workspace).last().values())
    phones = watched.phones(workspace, version.sha256, section.min_effect, section.seed)
    more = {"notes": list(look.found.notes), "uploaders": uploaders, "phones": phones}
    verdict = look.verdict.model_copy(
        update={"false_alarm_rate": rate} | {name: value for name, value in more.items() if value}
    )
    verdict_log.append(
        workspace,
        verdict_log.Line(at=now, model=version.sha256, batches=case.batches, outcome=verdict.outcome, rate=rate),
    )
    if verdict.outcome == INSUFFICIENT:  # not remembered: they are judged again with what comes next
        inbox.track(workspace)
        return _too_few(workspace, verdict)
    _report(workspace, verdict, judge, look, section.statistics)
    monitoring.record_verdict(workspace, params.tracking, verdict, workspace.verdict.parent)
    said = inbox.Judged(outcome=verdict.outcome, model=version.sha256, at=case.at)
    inbox.record(workspace, batches, said)
    _say(workspace, verdict, section.false_alarm_years)
    return _finish(workspace, params.loop) or verdict.outcome


def _case(now: datetime, version: ModelVersion, batches: Sequence[Path]) -> Case:
    return Case(
        at=now.isoformat(timespec="seconds"),
        model=JudgedModel(version=version.version, sha256=version.sha256),
        batches=[path.name for path in batches],
        images=sum(inbox.sizes(batches)),
    )


def _looked(
    workspace: "Workspace",
    judge: Judge,
    version: ModelVersion,
    case: Case,
    found: reading.Feedback,
    verdicts: int,
    rate: float,
) -> Look:
    """The look at the new batches alone, and at them with those of the last verdicts; each has half of the rate."""
    before = window.earlier(workspace, version.sha256, verdicts - 1)
    if not before:
        return judge.look(case, found, rate)
    alone = judge.look(case, found, rate / 2)
    if alone.verdict.outcome == DRIFT:
        return alone
    batches = [*before, *(workspace.inbox / name for name in case.batches)]
    waiting = reading.waiting(batches, version)
    said = inbox.judged(workspace)
    count = len({said[path.name].at for path in before})
    both = _case(datetime.fromisoformat(case.at), version, batches)
    return together(alone, judge, both, judge.read(batches, waiting), count, rate / 2)


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


def _report(workspace: "Workspace", verdict: Verdict, judge: Judge, look: Look, own: Sequence[str]) -> None:
    from weldspot.loop.drift import evidently_report, surprises

    sample, reference = look.found.sample, judge.reference
    measured = {one.name: one.value for one in verdict.statistics or []}
    of_own = {name: measured.get(statistics.own_name(name), math.nan) for name in own}
    snapshot = evidently_report.report(reference, sample, judge.thresholds, look.limits, of_own)
    with atomic.replacing_folder(workspace.verdict.parent) as folder:
        evidently_report.save(snapshot, folder / "report.html", verdict)
        surprises.draw(folder / "surprises.png", look.found.images, sample, reference)
        atomic.write_bytes(folder / workspace.verdict.name, verdict.json_bytes())


def told(phones: Phones) -> str:
    """What phones have counted, in a sentence."""
    return (
        f"phones that report have looked {phones.looks} times with this model on {phones.days} days, "
        f"{phones.corrected:.1%} were corrected, {phones.blind:.0%} of the moments were too dark, bright or blurred"
    )


def _say(workspace: "Workspace", verdict: Verdict, years: float) -> None:
    print(
        f"gate: a verdict of drift by chance: {verdict.false_alarm_rate:.2g} this time, "
        f"once in {years:g} years at most (loop.gate.false_alarm_years)"
    )
    if verdict.phones is not None:
        print(f"gate: {told(verdict.phones)}")
    for line in verdict.phones.moved if verdict.phones else []:
        print(f"gate: {line}")
    page = workspace.verdict.with_name("report.html")
    if verdict.outcome != DRIFT:
        print(
            f"gate: {verdict.outcome}: {next(iter(verdict.reasons), 'nothing moved beyond chance')}; report in {page}"
        )
        return
    print(f"gate: {DRIFT}: {len(verdict.reasons)} thing(s) moved; report in {page}")
    for reason in verdict.reasons[:10]:
        print(f"  {reason}")
