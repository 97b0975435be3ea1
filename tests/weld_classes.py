"""The default list of classes, as conf/labels/weld.yaml has it, and lists of other lengths."""

from pathlib import Path

import yaml

from weldspot.config.sections.labels import ClassNames, Labels
from weldspot.labels import ClassList

LABELS = Labels.model_validate(
    yaml.safe_load((Path(__file__).resolve().parents[1] / "conf/labels/weld.yaml").read_text(encoding="utf-8"))
)
NAMES = ClassNames(names=LABELS.names, background=LABELS.background, exclusive=LABELS.exclusive)
WELD = LABELS.class_list()
CLASSES = WELD.names
BACKGROUND = str(WELD.background)


def of(count: int, exclusive: bool = False) -> ClassList:
    """A list of this length, the first of which is its background."""
    return ClassList(tuple(f"Class {number}" for number in range(count)), "Class 0", exclusive)


def always(_: str) -> ClassList:
    """The weld list, whatever the model."""
    return WELD
