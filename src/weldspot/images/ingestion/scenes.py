"""Which scene each image shows, from every name that it was found under and from what it looks like."""

import re
from collections.abc import Sequence

from weldspot.config.sections.ingest import Ingest
from weldspot.images.ingestion.merge import Found
from weldspot.images.scenes.groups import groups
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.images.scenes.nearness.search import lookalikes


def group_of(
    places: Sequence[Found], prints: PrintFile, section: Ingest, age: Sequence[int], of: Sequence[int]
) -> dict[str, str | None]:
    """The group of each image id; None for feedback that would join two scenes.

    Args:
        places: Where images were found.
        prints: Their fingerprints, in the same order; its folder is where others go.
        section: What counts as one scene.
        age: Of each place, 0 is oldest.
        of: Which of the places count.
    """
    order = sorted(of, key=lambda i: (age[i], places[i].name, places[i].source, places[i].id))
    ordered = prints.reordered(order, prints.path.with_name("fingerprints-by-age"))
    names, ages = [places[i].name for i in order], [age[i] for i in order]
    pattern = re.compile(section.group_pattern) if section.group_pattern else None
    near, gap = section.near_duplicate, section.clip_gap
    alike = lookalikes(ordered, near, ages, prints.path.parent)
    found: dict[str, str | None] = {}
    for i, group in zip(order, groups(names, ordered.mapped(), near, gap, ages, pattern, alike), strict=True):
        found.setdefault(places[i].id, group)
    return found
