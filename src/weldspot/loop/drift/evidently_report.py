"""The one place that speaks Evidently's language: two samples and limits in, its page and its numbers out."""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from types import MappingProxyType

import jinja2
import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Report
from evidently.core.report import Snapshot
from evidently.legacy.calculations.stattests.registry import StatTest, register_stattest
from evidently.legacy.core import ColumnType
from evidently.metrics import EmbeddingsDrift, MeanValue, RocAuc, ValueDrift
from evidently.metrics.embeddings import ModelDriftMethod
from evidently.tests import gte, lte

from weldspot.contracts.verdict import Outcome, Verdict
from weldspot.images.table import QUALITY
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import DriftLimits
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass

EMBEDDING = "embedding"


def _ks(reference: pd.Series, current: pd.Series, kind: ColumnType, threshold: float) -> tuple[float, bool]:
    distance = statistics.ks_distance(reference.to_numpy(), current.to_numpy())
    return distance, distance > threshold


# Evidently's own "ks" gives a p-value, which shrinks with the size of the batch; a distance says how much has moved
_KS = StatTest("ks_distance", "Kolmogorov–Smirnov distance", [ColumnType.Numerical], default_threshold=0.1)
register_stattest(_KS, _ks)


def report(
    reference: Sample,
    current: Sample,
    class_thresholds: PerClass,
    limits: DriftLimits,
    own: Mapping[str, float] = MappingProxyType({}),
) -> Snapshot:
    """Evidently's report with one test for each statistic, at our calibrated limits.

    `own`: what statistics outside the package have measured, NaN where they could not.
    """
    classes = reference.classes
    limit = dict(zip(statistics.names(classes, list(own)), limits.values.tolist(), strict=True))
    before_auc = dict(zip(classes, statistics.roc_auc(reference.labels, reference.scores).tolist(), strict=True))
    now_auc = dict(zip(classes, statistics.roc_auc(current.labels, current.scores).tolist(), strict=True))
    judged = [name for name in classes if isfinite(before_auc[name]) and isfinite(now_auc[name])]
    agreed = statistics.agreement(reference.labels, reference.scores, class_thresholds)
    measured = {statistics.own_name(name): value for name, value in own.items() if isfinite(value)}
    definition = _definition(reference, judged, list(measured))
    metrics = [
        *(ValueDrift(column=name, method=_KS.name, threshold=limit[f"quality: {name}"]) for name in QUALITY),
        *(
            ValueDrift(column=f"{kind} {name}", method=_KS.name, threshold=limit[f"{kind}: {name}"])
            for kind in ("score", "label")
            for name in classes
        ),
        EmbeddingsDrift(
            embeddings_name=EMBEDDING,
            drift_method=ModelDriftMethod(threshold=0.5 + limit["embedding"]),
            tests=[lte(0.5 + limit["embedding"])],
        ),
        *(RocAuc(classification_name=n, tests=[gte(before_auc[n] - limit[f"ROC AUC: {n}"])]) for n in judged),
        *(
            MeanValue(column=f"agreement {n}", tests=[gte(float(was) - limit[f"agreement: {n}"])])
            for n, was in zip(classes, agreed, strict=True)
        ),
        *(MeanValue(column=name, tests=[lte(limit[name])]) for name in measured),
    ]  # fmt: skip
    frames = [_frame(sample, class_thresholds) for sample in (current, reference)]
    for name, value in measured.items():  # of both samples together, where Evidently knows columns of each
        frames[0][name] = frames[1][name] = value
    now, then = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
    return Report(metrics, include_tests=True).run(now, then)


def save(snapshot: Snapshot, path: Path, verdict: Verdict) -> None:
    """Writes the page, which opens with the verdict and its reasons; it needs no network."""
    snapshot.save_html(str(path))  # a Path is silently not written
    page = path.read_text(encoding="utf-8")
    head, body, rest = page.partition("<body>")
    if not body:  # another Evidently, another page: the verdict goes first all the same
        head, rest = "", page
    path.write_text(f"{head}{body}{_opening(verdict)}{rest}", encoding="utf-8")


_OPENING = """\
<section id="verdict" style="font: 16px/1.5 sans-serif; color: #222; background: #fff; max-width: 60em; \
margin: 1.5em auto; padding: 1em 1.5em; border-left: 6px solid {{ colour }}">
<h1 style="margin: 0; font-size: 1.6em">{{ title }}</h1>
<p>{{ verdict.images }} photographs{% if verdict.judged %}, \
{{ verdict.judged }} of them judged against {{ verdict.reference }} held-out ones{% endif %} of model version \
{{ verdict.model.version }}. {{ verdict.at[:16] | replace("T", " ") }} UTC.</p>
{% if verdict.reasons %}<ul>{% for reason in verdict.reasons %}<li>{{ reason }}</li>{% endfor %}</ul>\
{% else %}<p>Nothing moved beyond what chance moves.</p>{% endif %}
{% for note in verdict.notes %}<p>{{ note }}.</p>{% endfor %}
{% if verdict.phones %}<h2 style="font-size: 1.1em">What phones count</h2>
<p>A fair sample, without photographs or labels, and no part of the verdict: {{ verdict.phones.looks }} looks on
{{ verdict.phones.days }} days, {{ "%.1f" | format(100 * verdict.phones.corrected) }} % of them corrected. The numbers
below are of corrections, which people send where the model is wrong.</p>
{% if verdict.phones.moved %}<ul>{% for line in verdict.phones.moved %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}
{% endif %}
<p style="color: #555">Below, each number has a test at its calibrated limit.</p>
</section>
"""
_TITLES: dict[Outcome, tuple[str, str]] = {
    "drift": ("Drift: the world has moved", "#c62828"),
    "no-drift": ("No drift", "#2e7d32"),
    "insufficient-data": ("Not enough data to judge by", "#9e9e9e"),
}


def _opening(verdict: Verdict) -> str:
    title, colour = _TITLES[verdict.outcome]
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(_OPENING)
    return template.render(verdict=verdict, title=title, colour=colour)


def _definition(sample: Sample, judged: list[str], own: list[str]) -> DataDefinition:
    return DataDefinition(
        numerical_columns=[
            *QUALITY, *own, *(f"{kind} {name}" for kind in ("score", "label", "agreement") for name in sample.classes)
        ],
        classification=[
            BinaryClassification(
                name=name, target=f"label {name}", prediction_labels=None, prediction_probas=f"score {name}"
            )
            for name in judged
        ],
        embeddings={EMBEDDING: _axes(sample)},
    )  # fmt: skip


def _axes(sample: Sample) -> list[str]:
    return [f"axis {k}" for k in range(sample.embeddings.shape[1])]


def _frame(sample: Sample, class_thresholds: PerClass) -> pd.DataFrame:
    frame = pd.DataFrame(sample.quality, columns=list(QUALITY))
    agreed = (sample.scores >= class_thresholds) == sample.labels.astype(bool)
    for column, name in enumerate(sample.classes):
        frame[f"score {name}"] = sample.scores[:, column]
        frame[f"label {name}"] = sample.labels[:, column].astype(int)
        frame[f"agreement {name}"] = agreed[:, column].astype(float)
    return frame.join(pd.DataFrame(sample.embeddings, columns=_axes(sample)))
