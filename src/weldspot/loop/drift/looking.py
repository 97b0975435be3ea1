"""One look of the gate: batches read as the production model sees them, limits for them, and a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.parameters import Params
from weldspot.config.sections.preprocess import Preprocess
from weldspot.contracts.verdict import Verdict
from weldspot.loop.drift import calibration, reading, standing
from weldspot.loop.drift.embedding_drift import Components
from weldspot.loop.drift.judging import DRIFT, Case, judge
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.loop.influence import known
from weldspot.loop.influence.fair import Copies
from weldspot.registry.versions import ModelVersion

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Look:
    """What was seen, at which limits, and what is said of it."""

    found: reading.Feedback
    limits: calibration.DriftLimits
    verdict: Verdict


class Judge:
    """The production model with its reference, ready to look at batches."""

    def __init__(self, workspace: "Workspace", params: Params, version: ModelVersion, thresholds: PerClass) -> None:
        self.reference: Sample
        self._components: Components
        self.reference, self._components = reading.reference(version)
        self.thresholds = thresholds
        self._version, self._section = version, params.loop.gate
        self._prepared: Preprocess = version.preprocess(params.preprocess)
        self._copies = Copies(known.read(workspace), params.ingest.near_duplicate)

    def read(self, batches: Sequence[Path], waiting: reading.Waiting) -> reading.Feedback:
        """Of these batches what counts."""
        given = self._version, self._prepared, self._components, self._section, self._copies
        return reading.feedback(batches, waiting.positions, *given)

    def look(self, case: Case, found: reading.Feedback, rate: float) -> Look:
        """The verdict on them, with this chance of a false alarm."""
        sample, section = found.sample, self._section
        limits = calibration.calibrate(self.reference, len(sample), self.thresholds, section, rate)
        verdict = judge(case, self.reference, sample, self.thresholds, limits, section)
        verdict = standing.without_any_one(
            verdict, self.reference, sample, found.senders, self.thresholds, limits, section
        )
        return Look(found, limits, verdict)


def together(alone: Look, judge: Judge, case: Case, found: reading.Feedback, verdicts: int, rate: float) -> Look:
    """The look at the new batches and those of `verdicts` earlier ones as one, where it finds drift; else `alone`."""
    if len(found.sample) <= len(alone.found.sample):  # the others count for nothing: copies, or over a share
        return alone
    look = judge.look(case, found, rate)
    if look.verdict.outcome != DRIFT:
        return alone
    first = (
        f"seen in the {len(found.sample)} photographs of the last {verdicts + 1} verdicts together, "
        f"not in the newest {len(alone.found.sample)} alone"
    )
    return Look(found, look.limits, look.verdict.model_copy(update={"reasons": [first, *look.verdict.reasons]}))
