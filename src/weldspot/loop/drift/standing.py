"""A verdict of drift stands only if it stands without any one uploader."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from weldspot.config.sections.loop import Gate
from weldspot.contracts.verdict import Verdict
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import DriftLimits
from weldspot.loop.drift.judging import DRIFT, NO_DRIFT
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.runtime.terminal.plain import plain


def without_any_one(
    verdict: Verdict,
    reference: Sample,
    current: Sample,
    senders: Sequence[str],
    class_thresholds: PerClass,
    limits: DriftLimits,
    section: Gate,
) -> Verdict:
    """The verdict, or no drift where the photographs of one uploader alone make it drift; what moved stays told.

    The limits stay those of the whole: to ask for more than they do makes false alarms rarer, never more frequent.
    `senders`: of each photograph, "" is nobody's.
    """
    if verdict.outcome != DRIFT:
        return verdict
    names = np.array(senders, object)
    for name, count in Counter(filter(None, senders)).most_common():
        rest = current.take(np.flatnonzero(names != name))
        if not _moved(reference, rest, class_thresholds, limits, section):
            note = (
                f"what moved, moved by one uploader alone: without the {count} photographs of {plain(name)} "
                f"the other {len(rest)} show no drift"
            )
            return verdict.model_copy(update={"outcome": NO_DRIFT, "reasons": [note, *verdict.reasons]})
    return verdict


def _moved(reference: Sample, current: Sample, class_thresholds: PerClass, limits: DriftLimits, section: Gate) -> bool:
    values = statistics.measure(reference, current, class_thresholds, section.statistics)
    auc = statistics.roc_auc(current.labels, current.scores)
    known = auc[np.isfinite(auc)]
    below = bool(len(known)) and not known.mean() >= section.min_roc_auc
    return below or bool((values > limits.values).any())
