"""What each picture looks like of what was there before it, as far as that tells which scenes it joins."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from weldspot.images.scenes.fingerprint import distances
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.images.scenes.nearness.spanning import Spanning

_ROWS = 2048


class Lookalikes:
    """Older near pictures of each picture.

    Where every picture joins one older scene at most, one of that scene says all. Where one joins two, it is left out
    of the groups, and who looks like it alone is joined to nothing: there it counts which pictures are near to each
    other, and all are compared.
    """

    def __init__(self, prints: PrintFile, threshold: float, ages: Sequence[int], found: Spanning) -> None:
        self._prints, self._threshold, self._ages, self._bridged = prints, threshold, ages, found.bridged
        self._older: dict[int, list[int]] = defaultdict(list)
        for older, younger in found.pairs.tolist():
            self._older[younger].append(older)
        self._members = np.flatnonzero(found.bridged)

    def older(self, j: int) -> Sequence[int]:
        """Numbers under j of pictures that it looks like, or, of age 0, that it is joined to over others."""
        if self._ages[j] == 0 or not self._bridged[j]:
            return self._older.get(j, ())
        before = self._members[self._members < j]
        print_of = self._prints.rows([j])
        near: list[int] = []
        for start in range(0, len(before), _ROWS):
            some: Int[np.ndarray, " k"] = before[start : start + _ROWS]
            near += some[distances(print_of, self._prints.rows(some))[0] < self._threshold].tolist()
        return near
