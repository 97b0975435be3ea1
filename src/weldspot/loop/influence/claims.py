"""What phones say that the model said, beside what it does say: never believed, and a gap is told."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from weldspot.runtime.terminal.plain import plain

GAP = 0.25  # of one class's score; a gap is told, nothing is decided by it
_NAMED = 3


class Claims(NamedTuple):
    """`compared`: photographs whose scores this very model is said to have given; `apart`: those it never gave.

    `by`: the uploaders of those apart, most first.
    """

    compared: int
    apart: int
    by: tuple[str, ...]

    def sentence(self) -> str:
        """Empty when nothing is apart."""
        if not self.apart:
            return ""
        names = ", ".join(self.by[:_NAMED]) + (f" and {len(self.by) - _NAMED} more" if len(self.by) > _NAMED else "")
        return (
            f"{self.apart} of {self.compared} photographs came with scores that the model does not give them "
            f"(more than {GAP:g} apart; from {names}); they are judged by its own"
        )


def compared(
    claimed: Sequence[Sequence[float]],
    given: Float[np.ndarray, "n classes"],
    same: Bool[np.ndarray, " n"],
    uploaders: Sequence[str],
) -> Claims:
    """Claims beside scores made anew.

    Args:
        claimed: Of each photograph, as it was sent.
        given: What the model gives it here.
        same: Whether the claim is of this very model, in its own list.
        uploaders: Of each photograph.
    """
    apart = [i for i in np.flatnonzero(same).tolist() if np.abs(np.asarray(claimed[i]) - given[i]).max() > GAP]
    by = Counter(uploaders[i] or "this machine" for i in apart)
    return Claims(int(same.sum()), len(apart), tuple(plain(name) for name, _ in by.most_common()))
