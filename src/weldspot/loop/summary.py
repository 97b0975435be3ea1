"""reports/retrain/summary.md: what a retraining found, did and decided; the text of its pull request."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import jinja2

from weldspot.config import parameters
from weldspot.contracts.base import Contract
from weldspot.contracts.verdict import Verdict
from weldspot.loop.story import Story
from weldspot.registry import decisions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.runtime import atomic
from weldspot.runtime.git import UNKNOWN, git, head
from weldspot.runtime.redaction import redact
from weldspot.runtime.state_files import FROM_GRAPH, Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_TEMPLATE = """\
# Retraining: {{ result }}
{% if story.why %}

Why: {{ story.why }}
{% endif %}
{% if story.outcome %}

## The gate: {{ story.outcome }}
{% if verdict and verdict.images %}

{{ verdict.images }} photographs, {{ verdict.batches | length }} batch(es).
{% endif %}

{% for reason in reasons %}
- {{ reason }}
{% endfor %}
{% if story.unreviewed %}

{{ story.unreviewed }} corrections wait for a reviewer (`weldspot review`, or /review of `weldspot serve`).
{% endif %}
{% endif %}
{% if metrics_damaged %}

The test scores are not told: {{ metrics_damaged }}
{% endif %}
{% if scores %}

## Test scores

| | committed | now | difference |
|---|---|---|---|
{% for name, before, now, difference in scores %}
| {{ name }} | {{ before }} | {{ now }} | {{ difference }} |
{% endfor %}

The test photographs differ where feedback has come in; the decision below is on common ones.
{% endif %}
{% if story.promoted is not none %}

## Decision: version {{ story.version }} {{ "is production" if story.promoted else "is refused; production stays" }}

{% for line in decision %}
{{ line }}
{% endfor %}
{% if story.served %}

Served:
{% for line in story.served %}
- {{ line }}
{% endfor %}
{% endif %}
{% endif %}
{% if story.tried %}

## On trial

{{ story.tried }}
{% endif %}
{% if story.problems %}

## Problems

{% for line in story.problems %}
- {{ line }}
{% endfor %}
{% endif %}
"""
_MEANS = {"average_precision": "mean average precision", "roc_auc": "mean ROC AUC", "f1": "mean F1"}


class _Scores(Contract):
    """reports/metrics.json, as far as it is told here."""

    cure: ClassVar[str] = FROM_GRAPH
    mean: dict[str, float | None]
    per_class: dict[str, dict[str, float | None]]


def write(workspace: "Workspace", story: Story) -> Path:
    """Writes the summary, secrets blanked out."""
    verdict, reasons = _verdict(workspace)
    told = story.promoted is not None
    scores, metrics_damaged = _scores(workspace) if told else ([], "")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    text = environment.from_string(_TEMPLATE).render(
        story=story,
        result=_result(story),
        verdict=verdict,
        reasons=reasons,
        scores=scores,
        metrics_damaged=metrics_damaged,
        decision=decision(workspace, story.version) if told else [],
    )
    atomic.write_bytes(workspace.summary, redact(text, workspace.settings.secrets()).encode())
    return workspace.summary


def reasons(workspace: "Workspace") -> list[str]:
    """What the last verdict says has moved, or what ails its file."""
    return _verdict(workspace)[1]


def _verdict(workspace: "Workspace") -> tuple[Verdict | None, list[str]]:
    try:
        verdict = Verdict.found(workspace.verdict)
    except Damaged as error:
        return None, [str(error)]
    return verdict, verdict.reasons if verdict else []


def decision(workspace: "Workspace", version: str) -> list[str]:
    """The recorded decision on a version, line by line."""
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    last = decisions.last(registry, version)
    return last.reason.splitlines() if last else []


def _result(story: Story) -> str:
    if story.problems:
        return "stopped by a problem"
    if story.promoted is None:
        return f"nothing to do ({story.outcome})"
    return "a new production model" if story.promoted else "the new model was refused"


def _scores(workspace: "Workspace") -> tuple[list[tuple[str, str, str, str]], str]:
    """The test scores beside those of the last commit, as rows of a table; or what ails reports/metrics.json."""
    try:
        now = _Scores.found(workspace.metrics)
    except Damaged as error:
        return [], str(error)
    if now is None:
        return [], ""
    before = _committed(workspace)
    absent = UNKNOWN if head(workspace.root) == UNKNOWN else "–"
    rows = [_row(name, before.mean.get(key), now.mean.get(key), absent) for key, name in _MEANS.items()]
    for label, scores in now.per_class.items():
        old = before.per_class.get(label, {})
        rows.append(_row(f"AP of {label}", old.get("average_precision"), scores.get("average_precision"), absent))
    return rows, ""


def _committed(workspace: "Workspace") -> _Scores:
    path = workspace.metrics.relative_to(workspace.root).as_posix()
    try:
        return _Scores.parse(git(workspace.root, "show", f"HEAD:./{path}") or "", f"HEAD:{path}")
    except Damaged:  # not committed, or by a version that wrote other scores
        return _Scores(mean={}, per_class={})


def _row(name: str, old: float | None, new: float | None, absent: str) -> tuple[str, str, str, str]:
    """`absent`: what stands for a committed score that is not there."""
    shown = [absent if old is None else f"{old:.4f}", "–" if new is None else f"{new:.4f}"]
    difference = "–" if old is None or new is None else f"{new - old:+.4f}"
    return name, shown[0], shown[1], difference
