"""params.yaml as a whole: read, checked against its sections, and shared out to the stages."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from weldspot.config.engine import Engine, LocalEngine
from weldspot.config.sections.augment import Augment
from weldspot.config.sections.base import Section, one_line
from weldspot.config.sections.evaluate import Evaluate
from weldspot.config.sections.export import Export
from weldspot.config.sections.ingest import Ingest
from weldspot.config.sections.labels import Labels
from weldspot.config.sections.loop import TARGETS, Loop
from weldspot.config.sections.preprocess import Preprocess
from weldspot.config.sections.source import Source
from weldspot.config.sections.split import Split
from weldspot.config.sections.tracking import Tracking
from weldspot.config.sections.training import BACKBONES, LOSSES, Training
from weldspot.config.yaml_mapping import read
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver

Sections = TypeVar("Sections", bound=BaseModel)


class Params(Section):
    """All of params.yaml; a stage gets only the sections that it names."""

    labels: Labels
    source: Source
    ingest: Ingest
    preprocess: Preprocess
    augment: Augment
    split: Split
    training: Training
    evaluate: Evaluate
    export: Export
    tracking: Tracking
    loop: Loop
    engine: Engine = Field(default_factory=lambda: LocalEngine(name="local"))  # params.yaml may be older than it

    def select(self, wanted: type[Sections]) -> Sections:
        """The sections that a stage's own model names; of one that it names a part of, that part alone."""
        found = {name: getattr(self, name) for name in wanted.model_fields}
        kinds = {name: field.annotation for name, field in wanted.model_fields.items()}
        parts = {name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, Section)}
        return wanted.model_validate(found | {name: _part(found[name], kind) for name, kind in parts.items()})

    def find_plugins(self) -> None:
        """Raises WeldspotError where code of the project's own is named that is not there; none of it is imported."""
        named: dict[resolver.Kind, list[str]] = {
            "backbones": [name for name in [self.training.backbone] if name not in BACKBONES],
            "augmentations": self.augment.extra,
            "losses": [name for name in [self.training.loss] if name not in LOSSES],
            "metrics": self.evaluate.metrics,
            "sources": [self.source.maker] if self.source.name == "custom" else [],
            "layouts": self.ingest.layouts,
            "statistics": self.loop.gate.statistics,
            "targets": [name for name in self.loop.publish.targets if name not in TARGETS],
        }
        for kind, names in named.items():
            for name in names:
                resolver.found(kind, name)


def _part(section: Section, kind: type[Section]) -> Section:
    return section if type(section) is kind else kind(**section.model_dump(include=set(kind.model_fields)))


def parse(data: object, where: str = "params.yaml") -> Params:
    """The typed parameters; raises WeldspotError naming every key that is unknown, missing or wrong."""
    if not isinstance(data, dict):
        raise WeldspotError(f"{where}: expected a mapping of sections; run `weldspot compose` to write it anew")
    try:
        return Params.model_validate(data)
    except ValidationError as error:
        raise WeldspotError(one_line(error, where)) from error


def load(path: Path) -> Params:
    """Reads and checks params.yaml; raises WeldspotError when it is absent, not YAML, or does not fit."""
    return parse(read(path), str(path))
