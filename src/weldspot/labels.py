"""The seven classes, in the one order every table, model and manifest uses."""

import re
from collections.abc import Iterable

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
_BY_KEY = {name.lower(): name for name in CLASSES} | _ALIASES


def canonical(name: str) -> str | None:
    """The class a vendor's spelling means ("spatters", "Good_Welding"), or None when it is none of the seven."""
    return _BY_KEY.get(re.sub(r"[\s_\-]+", " ", name).strip().lower())


def in_order(labels: Iterable[str]) -> list[str]:
    """Each class once, in canonical order."""
    chosen = set(labels)
    return [name for name in CLASSES if name in chosen]


def multi_hot(labels: Iterable[str]) -> UInt8[np.ndarray, " 7"]:
    """A one for every class named."""
    chosen = set(labels)
    return np.array([name in chosen for name in CLASSES], np.uint8)
