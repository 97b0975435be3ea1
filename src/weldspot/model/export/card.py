"""The model card: what it is, what it was measured on, where it should not be trusted (Mitchell et al., 2019)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import jinja2

from weldspot.contracts.manifest import Manifest
from weldspot.model.evaluation.pointing import ClassPlaces, better_than_the_centre
from weldspot.model.export.checks import ChecksReport, FileScores
from weldspot.model.export.known_classes import UnknownClasses

_TEMPLATE = "model_card.md.j2"


class ClassFacts(TypedDict):
    """Scores of a class in the TFLite runtime, None where it has none, its thresholds, and what its map is worth."""

    average_precision: float | None
    roc_auc: float | None
    threshold: float
    free_below: float | None
    where: ClassPlaces | None


def map_is_shown(facts: ClassFacts) -> bool:
    """Whether a phone shows the map of this class."""
    return facts["where"] is not None and better_than_the_centre(facts["where"])


@dataclass(frozen=True)
class CardFacts:
    """What the card is written from; the manifest's own file is the one whose classes are shown.

    `rendered`: how the photographs were rendered, "" where a camera took them.
    """

    manifest: Manifest
    backbone: str
    checks: ChecksReport
    files: dict[str, FileScores]
    classes: dict[str, ClassFacts]
    unknown: UnknownClasses
    rendered: str


def write(facts: CardFacts) -> str:
    """The card in Markdown."""
    folder = Path(__file__).parent
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown
    )
    environment.filters["score"] = lambda value, form="%.3f": "–" if value is None else form % value
    return environment.get_template(_TEMPLATE).render(vars(facts))
