"""What the admitted feedback can't say: it was labelled with lists that had no word for some of today's classes."""

from collections import Counter
from pathlib import Path

import pyarrow.compute as pc

from weldspot.labels import ClassList
from weldspot.runtime import state_files

_BETWEEN = "\x1f"  # stands in no class's name


def unasked(feedback: Path, classes: ClassList) -> Counter[str]:
    """Class → photographs of data/feedback whose list had no word for it, so that they count as not showing it.

    Raises:
        Damaged: a batch.
    """
    found: Counter[str] = Counter()
    for path in sorted(feedback.rglob("*.parquet")):
        file = state_files.parquet(path, ["labels"], state_files.FROM_DATA)
        if "classes" not in file.schema_arrow.names:  # a batch of older code, which had one list
            continue
        with state_files.reading(path, state_files.FROM_DATA):
            lists = pc.value_counts(pc.binary_join(file.read(columns=["classes"])["classes"], _BETWEEN)).to_pylist()
        for entry in lists:
            known = {classes.canonical(name) for name in (entry["values"] or "").split(_BETWEEN)}
            found.update({name: entry["counts"] for name in classes.names if name not in known})
    return found
