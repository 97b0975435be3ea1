"""At most so large a share of a verdict for one uploader, however much it sends."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int


def largest_count(counts: Sequence[int], own: int, share: float, least: int) -> int:
    """How many photographs of one uploader count, so that none has more than `share` of all that count.

    The largest c with c ≤ share · (own + Σ min(count, c)); where that is next to nothing, `share` of `least`
    photographs: one uploader alone never makes up a verdict, which wants `least`.

    Args:
        counts: Photographs of each uploader whose influence is bounded.
        own: Photographs that are nobody's.
        share: 0 to 1.
        least: Photographs that a verdict wants.
    """
    low, high = 0, max(counts, default=0)
    while low < high:  # the right side is concave in c: where it is once too small it stays so
        middle = (low + high + 1) // 2
        fits = middle <= share * (own + sum(min(count, middle) for count in counts)) + 1e-9
        low, high = (middle, high) if fits else (low, middle - 1)
    return max(low, int(share * least + 1e-9), 1)


def capped(senders: Sequence[str], share: float, least: int, seed: int) -> Int[np.ndarray, " kept"]:
    """Positions of the photographs that count, rising; of an uploader with too many, some drawn by the seed.

    Args:
        senders: Of each photograph, "" is nobody's.
        share: What one uploader may have of all that count, 0 to 1.
        least: Photographs that a verdict wants.
        seed: Decides which.
    """
    counts = Counter(filter(None, senders))
    most = largest_count(list(counts.values()), len(senders) - counts.total(), share, least)
    names = np.array(senders, object)
    kept = [np.flatnonzero(names == "")]
    rng = np.random.default_rng(seed)
    for name in sorted(counts):
        kept.append(rng.permutation(np.flatnonzero(names == name))[:most])
    return np.sort(np.concatenate(kept))
