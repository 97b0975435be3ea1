"""reports/retrain/summary.md: what a retraining found, did and decided; the text of its pull request."""

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.runtime import atomic
from weldspot.loop.drift.gate import VERDICT
from weldspot.runtime.redaction import redact
from weldspot.tracking import runs

if TYPE_CHECKING:
    from weldspot.loop.retrain import Story

SUMMARY = Path("reports/retrain/summary.md")
METRICS = Path("reports/metrics.json")


def write(story: "Story") -> Path:
    """Writes the summary, secrets blanked out."""
    parts = [_head(story), _verdict(story), _metrics(story), _decision(story), _problems(story)]
    atomic.write_file(SUMMARY, (redact("\n\n".join(filter(None, parts))) + "\n").encode())
    return SUMMARY


def reasons() -> list[str]:
    """What the last verdict says has moved."""
    return _json(VERDICT).get("reasons", [])


def decision(version: str) -> list[str]:
    """The recorded decision on a version, line by line."""
    import mlflow

    params = parameters.load()
    runs.connect(params)
    tags = mlflow.MlflowClient().get_model_version(params.tracking.model, version).tags
    return tags.get("promote.reason", "").splitlines()


def _head(story: "Story") -> str:
    if story.problems:
        result = "stopped by a problem"
    elif story.promoted is None:
        result = f"nothing to do ({story.outcome})"
    else:
        result = "a new production model" if story.promoted else "the new model was refused"
    return f"# Retraining: {result}" + (f"\n\nWhy: {story.why}" if story.why else "")


def _verdict(story: "Story") -> str:
    if not story.outcome:
        return ""
    facts = _json(VERDICT)
    lines = [f"## The gate: {story.outcome}"]
    if facts.get("images"):
        lines.append(f"\n{facts['images']} photographs, {len(facts.get('batches', []))} batch(es).")
    return "\n".join([*lines, "", *(f"- {reason}" for reason in facts.get("reasons", []))])


def _metrics(story: "Story") -> str:
    """The test scores beside those of the last commit."""
    if story.promoted is None:
        return ""
    before, after = _committed(), _json(METRICS)
    if not after:
        return ""
    rows = ["## Test scores", "", "| | committed | now | difference |", "|---|---|---|---|"]
    for name, path in (("mean average precision", "average_precision"), ("mean ROC AUC", "roc_auc"), ("mean F1", "f1")):
        rows.append(_row(name, (before.get("mean") or {}).get(path), after["mean"].get(path)))
    for name, scores in after["per_class"].items():
        old = (before.get("per_class") or {}).get(name, {}).get("average_precision")
        rows.append(_row(f"AP of {name}", old, scores["average_precision"]))
    rows += ["", "The test photographs differ where feedback has come in; the decision below is on common ones."]
    return "\n".join(rows)


def _row(name: str, old: float | None, new: float | None) -> str:
    text = ["–" if value is None else f"{value:.4f}" for value in (old, new)]
    difference = "–" if old is None or new is None else f"{new - old:+.4f}"
    return f"| {name} | {text[0]} | {text[1]} | {difference} |"


def _decision(story: "Story") -> str:
    if story.promoted is None:
        return ""
    verb = "is production" if story.promoted else "is refused; production stays"
    lines = [f"## Decision: version {story.version} {verb}", "", *decision(story.version)]
    if story.served:
        lines += ["", "Served:", *(f"- {line}" for line in story.served)]
    return "\n".join(lines)


def _problems(story: "Story") -> str:
    return "\n".join(["## Problems", "", *(f"- {line}" for line in story.problems)]) if story.problems else ""


def _committed() -> dict:
    done = subprocess.run(["git", "show", f"HEAD:{METRICS}"], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
