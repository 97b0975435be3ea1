"""Shares groups of images out to train, val and test."""

import numpy as np

SPLITS = ("train", "val", "test")


def partition(labels: np.ndarray, groups: np.ndarray, fractions: tuple[float, float, float], seed: int) -> np.ndarray:
    """str[n]: the split of each image; no group is in two.

    Multi-label stratification over whole groups, after Sechidis et al. (2011): the group with the rarest label goes
    first, to the split that still lacks most of what the group holds. labels: uint8[n, 7], groups: str[n].
    """
    names, index = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), labels.shape[1] + 1))
    np.add.at(counts, index, np.column_stack([labels, np.ones(len(labels))]))
    totals = np.maximum(counts.sum(0), 1)
    targets = np.outer(fractions, totals)
    remaining = targets.copy()

    rng = np.random.default_rng(seed)
    rarity = np.where(counts[:, :-1] > 0, 1 / totals[:-1], 0).max(1, initial=0)
    order = np.lexsort((rng.permutation(len(names)), -counts[:, -1], -rarity))
    chosen = np.empty(len(names), int)
    for group in order:
        need = (counts[group] / totals * (remaining / targets)).sum(1)
        chosen[group] = int(np.argmax(need + rng.random(3) * 1e-9))
        remaining[chosen[group]] -= counts[group]
    return np.array(SPLITS)[chosen[index]]


def crossing_groups(groups: np.ndarray, splits: np.ndarray) -> list[str]:
    """The groups that stand in more than one split: an empty list is the proof that nothing leaks."""
    seen: dict[str, str] = {}
    return sorted({g for g, s in zip(groups.tolist(), splits.tolist(), strict=True) if seen.setdefault(g, s) != s})
