"""Shares groups of images out: to train, val and test, or to folds."""

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped, UInt8

SPLITS = ("train", "val", "test")


def partition(
    labels: UInt8[np.ndarray, "n classes"],
    groups: Shaped[np.ndarray, " n"],
    fractions: tuple[float, float, float],
    seed: int,
    ages: Int[np.ndarray, " n"],
) -> Shaped[np.ndarray, " n"]:
    """The split of each image; no group is in two.

    Multi-label stratification over whole groups, after Sechidis et al. (2011): the group with the rarest label goes
    first, to the split that still lacks most of what the group holds. A group is as old as its oldest image and older
    groups are placed without a look at younger images: what is added later moves nothing, and a test image stays one
    from model to model.

    Args:
        labels: 0 or 1 a class.
        groups: The names of the images' groups.
        fractions: Shares of train, val and test, together 1.
        seed: Decides between groups that are alike.
        ages: 0 is oldest.

    Returns:
        One of SPLITS for each image.
    """
    names, index = np.unique(groups, return_inverse=True)
    born = np.full(len(names), np.iinfo(int).max)
    np.minimum.at(born, index, ages)
    chosen = np.full(len(names), -1)
    for age in np.unique(born):
        seen = ages <= age
        _place(chosen, _counts(labels[seen], index[seen], len(names)), born == age, np.array(fractions), seed)
    splits: Shaped[np.ndarray, " n"] = np.array(SPLITS)[chosen[index]]
    return splits


def folds(
    labels: UInt8[np.ndarray, "n classes"], groups: Shaped[np.ndarray, " n"], count: int, seed: int
) -> Int[np.ndarray, " n"]:
    """The fold of each image, 0 to `count` - 1, stratified as `partition` does; no group is in two.

    Args:
        labels: 0 or 1 a class.
        groups: The names of the images' groups.
        count: How many folds; with fewer groups some are empty.
        seed: Decides between groups that are alike.
    """
    names, index = np.unique(groups, return_inverse=True)
    chosen = np.full(len(names), -1)
    every = np.ones(len(names), bool)
    _place(chosen, _counts(labels, index, len(names)), every, np.full(count, 1 / count), seed)
    found: Int[np.ndarray, " n"] = chosen[index]
    return found


def _counts(
    labels: UInt8[np.ndarray, "n classes"], index: Int[np.ndarray, " n"], groups: int
) -> Float[np.ndarray, "groups counts"]:
    """Images of each class in a group, and all of them in the last column."""
    counts = np.zeros((groups, labels.shape[1] + 1))
    np.add.at(counts, index, np.column_stack([labels, np.ones(len(labels))]))
    return counts


def _place(
    chosen: Int[np.ndarray, " groups"],
    counts: Float[np.ndarray, "groups counts"],
    young: Bool[np.ndarray, " groups"],
    fractions: Float[np.ndarray, " parts"],
    seed: int,
) -> None:
    """Chooses the part of the groups in `young`, given those of the older ones."""
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
        chosen[group] = int(np.argmax(need + rng.random(len(fractions)) * 1e-9))
        remaining[chosen[group]] -= counts[group]


def crossing_groups(groups: Shaped[np.ndarray, " n"], splits: Shaped[np.ndarray, " n"]) -> list[str]:
    """The groups that stand in more than one split: an empty list is the proof that nothing leaks."""
    seen: dict[str, str] = {}
    return sorted({g for g, s in zip(groups.tolist(), splits.tolist(), strict=True) if seen.setdefault(g, s) != s})
