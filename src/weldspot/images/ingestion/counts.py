"""The end of an ingest on the screen: one line of counts, a warning, or the error that too much of it is unusable."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Rejected

_WARN = 0.01  # of all images
_REASONS = 10


@dataclass(frozen=True)
class Counts:
    """`photographs`: files that can be used, of which `distinct` differ; `dropped`: (name, unknown class).

    `left_out`: feedback that contradicts what was there before it: whoever sends it must not stop the graph.
    """

    source: str
    layout: str
    photographs: int
    distinct: int
    crops: int
    passed_over: int
    rejected: list[Rejected]
    dropped: list[tuple[str, str]]
    left_out: list[Rejected]

    @property
    def share(self) -> float:
        """Of all files that should be in the table, those that are quarantined."""
        return len(self.rejected) / max(1, self.photographs + len(self.rejected))

    def judge(self, limit: float, report: Path) -> None:
        """Says how it went.

        Args:
            limit: The largest share that may be quarantined.
            report: The folder that has the names.

        Raises:
            WeldspotError: nothing can be used, or more than `limit` can't.
        """
        table = report / "quarantine.csv"
        if not self.distinct:
            raise WeldspotError(f"{self.source}: no usable image; {table} says why for each ({self._why()})")
        if self.share > limit:
            raise WeldspotError(
                f"{self.source}: {self._quarantined()}, more than ingest.max_quarantined = {limit:g} allows: "
                f"{self._why()}; {table} names them; {self._cure()}, or allow more"
            )
        print(f"ingest: {self.line()}", flush=True)
        if self.share >= _WARN:
            print(f"ingest: warning: {self._quarantined()}: {self._why()}; {table} names them", flush=True)
        if self.left_out:
            print(f"ingest: warning: {self._contradictions()}; {table} names them", flush=True)
        if self.dropped:
            names = Counter(label for _, label in self.dropped)
            said = ", ".join(f"{label!r} on {count}" for label, count in names.most_common(_REASONS))
            print(f"ingest: warning: classes that are none of ours were left out: {said} (labels.aliases)", flush=True)

    def line(self) -> str:
        """What is in the table and what is not."""
        twice = self.photographs - self.distinct - len(self.left_out)
        return (
            f"{self.distinct} photographs ({self.layout}{f', {twice} found twice' if twice else ''}) and "
            f"{self.crops} crops of background in the table, "
            f"{len(self.rejected) + len(self.left_out)} quarantined, "
            f"{self.passed_over} other files passed over"
        )

    def _contradictions(self) -> str:
        count, first = len(self.left_out), min(self.left_out, key=lambda item: item.name)
        return (
            f"{count} photograph{'s' * (count != 1)} of feedback {'are' if count != 1 else 'is'} left out, since what "
            f"was there first counts: {first.name} {first.reason}{f', and {count - 1} more' if count > 1 else ''}"
        )

    def _cure(self) -> str:
        unknown = any(item.reason.startswith("unknown class") for item in self.rejected)
        return "say in labels.aliases what the unknown classes are, mend the export" if unknown else "mend the export"

    def _quarantined(self) -> str:
        total = self.photographs + len(self.rejected)
        return f"{len(self.rejected)} of {total} ({self.share:.0%}) are quarantined"

    def _why(self) -> str:
        """The commonest reasons, each with how often and the first name."""
        kinds = Counter(_kind(item) for item in self.rejected)
        first = {_kind(item): item.name for item in reversed(self.rejected)}
        common = [f"{count} × {kind} ({first[kind]})" for kind, count in kinds.most_common(_REASONS)]
        more = len(kinds) - len(common)
        return "; ".join(common) + (f"; and {more} reasons more" if more else "")


def _kind(item: Rejected) -> str:
    """The reason without what is of this one image alone: numbers, and names of files."""
    reason = re.sub(r"\S+\.[A-Za-z]\w{1,9}(?=[\s,;:)]|$)", "…", item.reason) if "…" not in item.reason else item.reason
    return re.sub(r"-?\d+(\.\d+)?", "N", reason)
