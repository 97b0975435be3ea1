"""The two samples a gate compares: the production model's reference and the waiting feedback."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int, UInt8

SHOTS = 6  # of one scene at a time: a welder takes some of a weld, not the sixty stills that a video left in the set


@dataclass(frozen=True)
class Sample:
    """n photographs: the statistics of images.table.QUALITY, the model's scores, the welder's labels (0 or 1).

    `classes`: the names of the columns of `scores` and `labels`, those of the model that is judged.
    `embeddings` are in the components of the reference; photographs of one scene share a number in `groups`.
    """

    classes: tuple[str, ...]
    quality: Float[np.ndarray, "n statistics"]
    scores: Float[np.ndarray, "n classes"]
    labels: UInt8[np.ndarray, "n classes"]
    embeddings: Float[np.ndarray, "n components"]
    groups: Int[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: Int[np.ndarray, " k"]) -> "Sample":
        """The photographs at these positions."""
        measured = self.quality[rows], self.scores[rows], self.labels[rows], self.embeddings[rows], self.groups[rows]
        return Sample(self.classes, *measured)

    def draw(self, n: int, rng: np.random.Generator) -> "Sample":
        """n photographs with replacement, by up to SHOTS of a scene: those of one scene are no independent evidence."""
        order, starts, sizes = self._visits
        chosen = rng.integers(len(starts), size=max(1, int(2 * n * len(starts) / len(self)) + 20))
        while sizes[chosen].sum() < n:
            chosen = np.concatenate([chosen, rng.integers(len(starts), size=len(chosen))])
        rows = np.concatenate([order[starts[g] : starts[g] + sizes[g]] for g in chosen[: _enough(sizes[chosen], n)]])
        return self.take(rows[:n])

    @cached_property
    def _visits(self) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " visits"], Int[np.ndarray, " visits"]]:
        """Rows by scene, and where in them each visit begins and how many it has; each row is in one visit."""
        order = np.argsort(self.groups, kind="stable")
        _, scenes, counts = np.unique(self.groups[order], return_index=True, return_counts=True)
        starts = np.concatenate([np.arange(s, s + n, SHOTS) for s, n in zip(scenes, counts, strict=True)])
        return order, starts, np.diff(starts, append=len(order))


def _enough(sizes: Int[np.ndarray, " visits"], n: int) -> int:
    return int(np.searchsorted(np.cumsum(sizes), n)) + 1
