"""May the challenger take production's place? The rule, and the words that go with it.

Each test asks whether the challenger holds a bound: NaN holds none, so what has no number is refused.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from weldspot.config.sections.loop import Promote
from weldspot.loop.promotion.comparison import Comparison, Difference
from weldspot.loop.promotion.translation import Translation

RULE = (
    "refused when mean AP falls by more than loop.promote.max_loss, or falls beyond doubt (the whole confidence "
    "interval is below zero), on held-out photographs or on the newest feedback; or when one class loses more than "
    "loop.promote.max_class_loss beyond doubt, or one slice of the photographs (a source or an uploader, the darkest "
    "or the most blurred third) more than loop.promote.max_slice_loss beyond doubt. Where each class is on all of the "
    "photographs or on none, so that nothing can be ranked, the mean log likelihood of the labels takes the place of "
    "mean AP, with the same bounds. Refused too: what has no number, and a version that does not know a class that "
    "production knows. Equal passes."
)


@dataclass(frozen=True)
class Ruling:
    """`lines`: what was compared, one sentence each; `refusals`: why not, empty when it may."""

    lines: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the challenger may."""
        return not self.refusals

    def markdown(self) -> str:
        """The grounds and the rule, as they are kept on the version."""
        return "\n".join([*(f"- {line}" for line in [*self.refusals, *self.lines]), "", f"Rule: {RULE}"])


def decide(
    parts: dict[str, Comparison], section: Promote, slices: Mapping[str, Comparison] = MappingProxyType({})
) -> Ruling:
    """The rule, on each part ("held-out photographs", "the newest feedback"); no part at all is refused.

    `slices` ("brightness=low"): what all parts together fall into; those with scenes enough to say.
    """
    ruling = Ruling()
    if not parts:
        ruling.refusals.append("there is nothing to compare the two on")
    for name, comparison in parts.items():
        mean = comparison.mean
        line = f"{name} ({comparison.images} in {comparison.groups} scenes): {comparison.measure} {_numbers(mean)}"
        ruling.lines.append(line)
        if not (mean.gain >= -section.max_loss and mean.high >= 0):
            ruling.refusals.append(f"{_verb(mean)} on {line}")
        for label, difference in comparison.classes.items():
            if not (difference.gain >= -section.max_class_loss or difference.high >= 0):
                ruling.refusals.append(f"{_verb(difference)} on {label} ({name}): AP {_numbers(difference)}")
        if comparison.unjudged:
            few = f"too few scenes with or without (loop.promote.min_groups={section.min_groups}), not judged alone"
            ruling.lines.append(f"{name}: {', '.join(comparison.unjudged)}: {few}")
    for name, comparison in slices.items():
        mean = comparison.mean
        if not (mean.gain >= -section.max_slice_loss or mean.high >= 0):
            size = f"{comparison.images} in {comparison.groups} scenes"
            ruling.refusals.append(f"{_verb(mean)} where {name} ({size}): {comparison.measure} {_numbers(mean)}")
    if slices:
        ruling.lines.append(_of_slices(slices))
    return ruling


def _of_slices(slices: Mapping[str, Comparison]) -> str:
    """The slice with the greatest loss, of all that were looked at."""
    worst = min(slices, key=lambda name: slices[name].mean.gain if math.isfinite(slices[name].mean.gain) else -math.inf)
    mean = slices[worst].mean
    return f"of {len(slices)} slices {worst} gains least: {slices[worst].measure} {_numbers(mean)}"


def lost(translation: Translation, challenger: Sequence[str], production: Sequence[str]) -> Ruling:
    """Refused when production knows a class that the challenger does not.

    Args:
        translation: From production's list to the challenger's.
        challenger: What it does not know of its own list.
        production: What that does not know of its own.
    """
    refusals = []
    never = {translation.renamed.get(name, name) for name in production}
    if classes := [name for name in challenger if name in translation.shared and name not in never]:
        cure = "add photographs of them in scenes enough for train, val and test, then `dvc repro`"
        refusals.append(f"it does not know {', '.join(classes)}, which production knows; {cure}")
    if translation.lost:
        cure = "say what they are now in labels.aliases, or give them up in labels.retired, then `dvc repro`"
        refusals.append(f"its list has no {', '.join(translation.lost)}, which production knows; {cure}")
    return Ruling([], refusals)


def _verb(difference: Difference) -> str:
    return "worse" if math.isfinite(difference.gain) else "no number to compare"


def _numbers(difference: Difference) -> str:
    interval = f"{difference.low:+.4f} to {difference.high:+.4f}"
    return f"{difference.production:.4f} → {difference.challenger:.4f} ({difference.gain:+.4f}, interval {interval})"
