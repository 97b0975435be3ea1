"""Two runs of one graph: where they first went another way, and what became of that."""

from collections.abc import Sequence
from itertools import zip_longest

from weldspot.contracts.attested import Difference
from weldspot.provenance.record import Part, scores
from weldspot.runtime.dvc_lock import STAGES


def first_difference(
    before: Sequence[Part], after: Sequence[Part], models: tuple[bytes, bytes], metrics: tuple[bytes, bytes]
) -> Difference:
    """The first stage, in the order of the graph, whose outputs are others, of two runs whose models differ.

    `before` is empty where nobody has kept what the stages wrote: then the stage is "unknown".
    """
    old, new = ({part.path: part for part in parts} for parts in (before, after))
    other: dict[str, list[str]] = {}
    for path, part in {**old, **new}.items():
        if path not in old or path not in new or old[path].md5 != new[path].md5:
            other.setdefault(part.stage, []).append(path)
    stage = next((name for name in STAGES if name in other), "export") if before else "unknown"
    return Difference(
        stage=stage, outputs=sorted(other.get(stage, [])), bytes=_bytes(*models), metrics=_metrics(*metrics)
    )


def _bytes(before: bytes, after: bytes) -> str:
    differ = sum(a != b for a, b in zip_longest(before, after))
    sizes = f"{len(before)}" if len(before) == len(after) else f"{len(before)} and {len(after)}"
    return f"{differ} of {sizes} bytes differ"


def _metrics(before: bytes, after: bytes) -> dict[str, list[float | None]]:
    """Mean score → before and after, of those that differ."""
    old, new = scores(before), scores(after)
    return {name: [old.get(name), new.get(name)] for name in sorted({*old, *new}) if old.get(name) != new.get(name)}
