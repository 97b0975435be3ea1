"""May the challenger take production's place? The rule, and the words that go with it."""

from dataclasses import dataclass, field

from weldspot.config.sections.loop import Promote
from weldspot.loop.promotion.comparison import Comparison, Difference

RULE = (
    "refused when mean AP falls by more than loop.promote.max_loss, or falls beyond doubt (the whole confidence "
    "interval is below zero), on held-out photographs or on the newest feedback; or when one class loses more than "
    "loop.promote.max_class_loss beyond doubt. Equal passes."
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


def decide(parts: dict[str, Comparison], section: Promote) -> Ruling:
    """The rule, on each part ("held-out photographs", "the newest feedback")."""
    ruling = Ruling()
    for name, comparison in parts.items():
        line = f"{name} ({comparison.images} in {comparison.groups} scenes): mean AP {_numbers(comparison.mean)}"
        ruling.lines.append(line)
        if comparison.mean.gain < -section.max_loss or comparison.mean.high < 0:
            ruling.refusals.append(f"worse on {line}")
        for label, difference in comparison.classes.items():
            if difference.gain < -section.max_class_loss and difference.high < 0:
                ruling.refusals.append(f"worse on {label} ({name}): AP {_numbers(difference)}")
    return ruling


def _numbers(difference: Difference) -> str:
    interval = f"{difference.low:+.4f} to {difference.high:+.4f}"
    return f"{difference.production:.4f} → {difference.challenger:.4f} ({difference.gain:+.4f}, interval {interval})"
