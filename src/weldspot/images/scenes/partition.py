"""Shares groups of images out to train, val and test."""

import numpy as np

SPLITS = ("train", "val", "test")


def partition(
    labels: np.ndarray, groups: np.ndarray, fractions: tuple[float, float, float], seed: int, ages: np.ndarray
) -> np.ndarray:
    """str[n]: the split of each image; no group is in two.

    Multi-label stratification over whole groups, after Sechidis et al. (2011): the group with the rarest label goes
    first, to the split that still lacks most of what the group holds. labels: uint8[n, 7], groups: str[n].
    A group is as old as its oldest image (ages: int[n], 0 is oldest) and older groups are placed without a look at
    younger images: what is added later moves nothing, and a test image stays one from model to model.
    """
    names, index = np.unique(groups, return_inverse=True)
    born = np.full(len(names), np.iinfo(int).max)
    np.minimum.at(born, index, ages)
    chosen = np.full(len(names), -1)
    for age in np.unique(born):
        seen = ages <= age
        _place(chosen, _counts(labels[seen], index[seen], len(names)), born == age, np.array(fractions), seed)
    return np.array(SPLITS)[chosen[index]]


def _counts(labels: np.ndarray, index: np.ndarray, groups: int) -> np.ndarray:
    """float[groups, 8]: images of each class, and all."""
    counts = np.zeros((groups, labels.shape[1] + 1))
    np.add.at(counts, index, np.column_stack([labels, np.ones(len(labels))]))
    return counts


def _place(chosen: np.ndarray, counts: np.ndarray, young: np.ndarray, fractions: np.ndarray, seed: int) -> None:
    """Chooses the split of the groups in `young`, given those of the older ones."""
    totals = np.maximum(counts.sum(0), 1)
    targets = np.outer(fractions, totals)
    remaining = targets.copy()
    for group in np.flatnonzero(chosen >= 0):
        remaining[chosen[group]] -= counts[group]

    rng = np.random.default_rng(seed)
    members = np.flatnonzero(young)
    rarity = np.where(counts[:, :-1] > 0, 1 / totals[:-1], 0).max(1, initial=0)
    order = np.lexsort((rng.permutation(len(members)), -counts[members, -1], -rarity[members]))
    for group in members[order]:
        need = (counts[group] / totals * (remaining / targets)).sum(1)
        chosen[group] = int(np.argmax(need + rng.random(3) * 1e-9))
        remaining[chosen[group]] -= counts[group]


def crossing_groups(groups: np.ndarray, splits: np.ndarray) -> list[str]:
    """The groups that stand in more than one split: an empty list is the proof that nothing leaks."""
    seen: dict[str, str] = {}
    return sorted({g for g, s in zip(groups.tolist(), splits.tolist(), strict=True) if seen.setdefault(g, s) != s})
