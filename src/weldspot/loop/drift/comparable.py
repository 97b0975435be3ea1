"""Which waiting photographs a model can be judged on: those that were labelled with a list that says what it asks."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool

from weldspot.labels import ClassList
from weldspot.loop.feedback import feedback_batches

_BETWEEN, _AND = "\x1f", "\x1e"  # stand in no class's name


def comparable(batches: Sequence[Path], classes: ClassList) -> tuple[Bool[np.ndarray, " n"], Counter[str]]:
    """Of the photographs of all batches, in order, whether each can be judged by a model of this list; else why not.

    A name of an earlier list means what the model's list says of it; a label of a retired class is left out. No
    photograph is judged one of whose labels means nothing here, nor one that was labelled without a word for a class.
    """
    left_out: Counter[str] = Counter()
    parts = [_of_batch(path, classes, left_out) for path in batches]
    return np.concatenate([np.zeros(0, bool), *parts]), left_out


def _of_batch(path: Path, classes: ClassList, left_out: Counter[str]) -> Bool[np.ndarray, " n"]:
    labels, lists = feedback_batches.said(path)
    said = pc.binary_join_element_wise(_joined(lists), _joined(labels), _AND).combine_chunks().dictionary_encode()
    kinds = said.indices.to_numpy(zero_copy_only=False)
    usable = np.ones(len(kinds), bool)
    for kind, text in enumerate(said.dictionary.to_pylist()):
        known, chosen = (part.split(_BETWEEN) for part in text.split(_AND))
        if reason := why_not(known, chosen, classes):
            usable &= kinds != kind
            left_out[reason] += int((kinds == kind).sum())
    return usable


def why_not(known: Sequence[str], chosen: Sequence[str], classes: ClassList) -> str:
    """Why labels `chosen` from the list `known` say nothing to a model of `classes`; "" when they do."""
    foreign = [name for name in chosen if classes.canonical(name) is None and not classes.is_retired(name)]
    if foreign:
        return f"labelled {', '.join(sorted(foreign))}, which its list does not have"
    asked = {classes.canonical(name) for name in known}
    missing = [name for name in classes.names if name not in asked]
    return f"labelled with a list that has no {', '.join(missing)}" if missing else ""


def _joined(names: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join(names, _BETWEEN)
