"""What one layout makes of an export, before anything is read: how much of it that layout explains."""

from dataclasses import dataclass, field

from weldspot.sources.members import Members
from weldspot.sources.record import PassedOver, Record, Rejected

Item = Record | Rejected | PassedOver


@dataclass(frozen=True)
class Survey:
    """`notes`: the annotation file of each image that has one; `aside`: images that this layout knows to be none, and
    `doubtful` those that it can't place, with the reason; `orphans`: annotations without an image, with the reason.
    `tables`: files that hold for several images; `problem`: why it can't be read at all, "" when it can. `items`: what
    is said of each image, where that had to be read to find them; `passed`: what the files say and nobody uses, with
    the reason. `lacks`: what an annotation file of this layout would need to be one, "" where none comes close.
    """

    members: Members
    notes: dict[str, str] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    orphans: dict[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    problem: str = ""
    items: dict[str, Record | Rejected] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)
    lacks: str = ""

    @property
    def share(self) -> float:
        """Of the images, those that are annotated."""
        return len(self.notes) / max(1, len(self.members.images) - len(self.aside))

    @property
    def claimed(self) -> float:
        """Of the images, those that this layout has something to say of, though it may not know what."""
        return self.share + sum(name in self.doubtful for name in self.members.images) / max(
            1, len(self.members.images)
        )

    @property
    def left_out(self) -> list[str]:
        """The images that would be lost."""
        return [name for name in self.members.images if name not in self.notes and name not in self.aside]
