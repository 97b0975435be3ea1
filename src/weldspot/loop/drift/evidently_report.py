"""The one place that speaks Evidently's language: two samples and limits in, its page and its numbers out."""

from math import isfinite
from pathlib import Path

import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Report
from evidently.core.report import Snapshot
from evidently.legacy.calculations.stattests.registry import StatTest, register_stattest
from evidently.legacy.core import ColumnType
from evidently.metrics import EmbeddingsDrift, MeanValue, RocAuc, ValueDrift
from evidently.metrics.embeddings import ModelDriftMethod
from evidently.tests import gte, lte

from weldspot.images.table import QUALITY
from weldspot.labels import CLASSES
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


def report(reference: Sample, current: Sample, class_thresholds: PerClass, limits: DriftLimits) -> Snapshot:
    """Evidently's report with one test for each statistic, at our calibrated limits."""
    limit = dict(zip(statistics.NAMES, limits.values.tolist(), strict=True))
    before_auc = dict(zip(CLASSES, statistics.roc_auc(reference.labels, reference.scores).tolist(), strict=True))
    now_auc = dict(zip(CLASSES, statistics.roc_auc(current.labels, current.scores).tolist(), strict=True))
    judged = [name for name in CLASSES if isfinite(before_auc[name]) and isfinite(now_auc[name])]
    agreed = statistics.agreement(reference.labels, reference.scores, class_thresholds)
    definition = _definition(reference, judged)
    metrics = [
        *(ValueDrift(column=name, method=_KS.name, threshold=limit[f"quality: {name}"]) for name in QUALITY),
        *(
            ValueDrift(column=f"{kind} {name}", method=_KS.name, threshold=limit[f"{kind}: {name}"])
            for kind in ("score", "label")
            for name in CLASSES
        ),
        EmbeddingsDrift(
            embeddings_name=EMBEDDING,
            drift_method=ModelDriftMethod(threshold=0.5 + limit["embedding"]),
            tests=[lte(0.5 + limit["embedding"])],
        ),
        *(RocAuc(classification_name=n, tests=[gte(before_auc[n] - limit[f"ROC AUC: {n}"])]) for n in judged),
        *(
            MeanValue(column=f"agreement {n}", tests=[gte(float(was) - limit[f"agreement: {n}"])])
            for n, was in zip(CLASSES, agreed, strict=True)
        ),
    ]  # fmt: skip
    frames = (_frame(sample, class_thresholds) for sample in (current, reference))
    now, then = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
    return Report(metrics, include_tests=True).run(now, then)


def save(snapshot: Snapshot, path: Path) -> None:
    """Writes the page; it needs no network."""
    snapshot.save_html(str(path))  # a Path is silently not written


def _definition(sample: Sample, judged: list[str]) -> DataDefinition:
    return DataDefinition(
        numerical_columns=[
            *QUALITY, *(f"{kind} {name}" for kind in ("score", "label", "agreement") for name in CLASSES)
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
    for column, name in enumerate(CLASSES):
        frame[f"score {name}"] = sample.scores[:, column]
        frame[f"label {name}"] = sample.labels[:, column].astype(int)
        frame[f"agreement {name}"] = agreed[:, column].astype(float)
    return frame.join(pd.DataFrame(sample.embeddings, columns=_axes(sample)))
