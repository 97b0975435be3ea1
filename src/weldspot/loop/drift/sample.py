"""The two samples a gate compares: the production model's reference and the waiting feedback."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

SHOTS = 6  # of one scene at a time: a welder takes some of a weld, not the sixty stills that a video left in the set


@dataclass(frozen=True)
class Sample:
    """n photographs: `quality` float[n, 6], `scores` float[n, 7], `labels` uint8[n, 7], `embeddings` float[n, d],
    `groups` int[n] (photographs of one scene share one).
    """

    quality: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    embeddings: np.ndarray
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: np.ndarray) -> "Sample":
        """The photographs at these positions."""
        return Sample(
            self.quality[rows], self.scores[rows], self.labels[rows], self.embeddings[rows], self.groups[rows]
        )

    def draw(self, n: int, rng: np.random.Generator) -> "Sample":
        """n photographs with replacement, by up to SHOTS of a scene: those of one scene are no independent evidence."""
        order, starts, sizes = self._visits
        chosen = rng.integers(len(starts), size=max(1, int(2 * n * len(starts) / len(self)) + 20))
        while sizes[chosen].sum() < n:
            chosen = np.concatenate([chosen, rng.integers(len(starts), size=len(chosen))])
        rows = np.concatenate([order[starts[g] : starts[g] + sizes[g]] for g in chosen[: _enough(sizes[chosen], n)]])
        return self.take(rows[:n])

    @cached_property
    def _visits(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows by scene, and where in them each visit begins and how many it has; each row is in one visit."""
        order = np.argsort(self.groups, kind="stable")
        _, scenes, counts = np.unique(self.groups[order], return_index=True, return_counts=True)
        starts = np.concatenate([np.arange(s, s + n, SHOTS) for s, n in zip(scenes, counts, strict=True)])
        return order, starts, np.diff(starts, append=len(order))


def _enough(sizes: np.ndarray, n: int) -> int:
    return int(np.searchsorted(np.cumsum(sizes), n)) + 1
