"""The seven classes, in the one order every table, model and manifest uses."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np
from jaxtyping import UInt8

CLASSES = (
    "Background",
    "Bad Welding",
    "Crack",
    "Excess Reinforcement",
    "Good Welding",
    "Porosity",
    "Splatters",
)
BACKGROUND = CLASSES[0]

_ALIASES = {
    "bad weld": "Bad Welding",
    "good weld": "Good Welding",
    "cracks": "Crack",
    "excessive reinforcement": "Excess Reinforcement",
    "excess reinforcements": "Excess Reinforcement",
    "pores": "Porosity",
    "spatter": "Splatters",
    "spatters": "Splatters",
    "splatter": "Splatters",
    "no weld": "Background",
}


def fold(name: str) -> str:
    """A class name as it is compared: without case, spaces, `_` and `-`."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name)).casefold()


_BY_KEY = {fold(name): meant for name, meant in (dict(zip(CLASSES, CLASSES, strict=True)) | _ALIASES).items()}


def canonical(name: str, aliases: Mapping[str, str] | None = None) -> str | None:
    """The class a vendor's spelling means ("spatters", "Good_Welding"), or None when it is none of the seven.

    `aliases` are more names, each with the class that it means; they go before the spellings that are known here.
    """
    key = fold(name)
    more = {fold(alias): meant for alias, meant in (aliases or {}).items()}
    return more.get(key) or _BY_KEY.get(key)


def in_order(labels: Iterable[str]) -> list[str]:
    """Each class once, in canonical order."""
    chosen = set(labels)
    return [name for name in CLASSES if name in chosen]


def multi_hot(labels: Iterable[str]) -> UInt8[np.ndarray, " 7"]:
    """A one for every class named."""
    chosen = set(labels)
    return np.array([name in chosen for name in CLASSES], np.uint8)
