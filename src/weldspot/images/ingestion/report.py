"""What people want to know of an ingest besides the images: counts, and why a file was changed or left out."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from weldspot.images.ingestion.merge import Merged
from weldspot.runtime.atomic import write_json
from weldspot.runtime.csv_files import cells
from weldspot.sources.record import PassedOver, Rejected


@dataclass(frozen=True)
class Report:
    """`classes`: names in order; `converted`: (name, note) of images that were encoded anew; `groups`: how many scenes
    there are; `dropped`: (name, class) of what is of no class of the list; `crops`: how many and by which rule.
    """

    classes: tuple[str, ...]
    layout: str
    rejected: list[Rejected]
    passed_over: list[PassedOver]
    converted: list[tuple[str, str]]
    dropped: list[tuple[str, str]]
    merged: list[Merged]
    groups: int
    crops: str

    def write(self, folder: Path) -> None:
        """Fills a folder: summary.json, and a table of each: quarantine, passed_over, dropped, converted, conflicts."""
        originals = [row for row in self.merged if not row.found.parent]
        conflicts = [row for row in originals if row.conflicting]
        labels = Counter(label for row in self.merged for label in row.labels)
        notes = Counter(note for _, note in self.converted)
        summary = {
            "layout": self.layout,
            "images": len(self.merged),
            "groups": self.groups,
            "classes": {name: labels[name] for name in self.classes},
            "sources": dict(sorted(Counter(row.found.source for row in self.merged).items())),
            "merged": sum(len(row.places) - 1 for row in originals),
            "conflicts": len(conflicts),
            "background_crops": self.crops,
            "quarantined": len(self.rejected),
            "passed_over": len(self.passed_over),
            "dropped_classes": dict(sorted(Counter(label for _, label in self.dropped).items())),
            "converted": dict(sorted(notes.items())),
        }
        write_json(folder / "summary.json", summary)
        cells.write(folder / "quarantine.csv", ("name", "reason"), ((r.name, r.reason) for r in self.rejected))
        cells.write(folder / "passed_over.csv", ("name", "reason"), ((p.name, p.reason) for p in self.passed_over))
        cells.write(folder / "dropped.csv", ("name", "class"), self.dropped)
        cells.write(folder / "converted.csv", ("name", "note"), self.converted)
        lines = (
            (row.found.id, "; ".join(row.labels), place.name, "; ".join(place.labels))
            for row in conflicts
            for place in row.places
        )
        cells.write(folder / "conflicts.csv", ("id", "resolved", "name", "labels"), lines)
