"""A look at the aliases without MLflow, whose import alone takes longer than `weldspot status` may.

The tables are MLflow's own: where they are not as we know them, or the tracking server is another's, MLflow is asked.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from weldspot.config.sections.tracking import Tracking
from weldspot.registry.model_registry import ModelRegistry

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_ALIASES = "SELECT alias, version FROM registered_model_aliases WHERE name = ?"
_TAGS = "SELECT version, key, value FROM model_version_tags WHERE name = ?"


@dataclass(frozen=True)
class Glance:
    """`aliases`: alias → version; `tags`: version → its tags, of the versions that an alias names."""

    aliases: dict[str, str]
    tags: dict[str, dict[str, str]]


def glance(workspace: "Workspace", section: Tracking) -> Glance:
    """The registry as it is now; an empty one, and no database made, where nothing was ever recorded."""
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return _asked(ModelRegistry(workspace, section))
    if not workspace.mlflow_database.exists():
        return Glance({}, {})
    try:
        return _read(workspace.mlflow_database, section.model)
    except sqlite3.Error:  # locked, damaged, or of another schema: MLflow says what it makes of it
        return _asked(ModelRegistry(workspace, section))


def _read(database: Path, model: str) -> Glance:
    with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)) as connection:
        aliases = {alias: str(version) for alias, version in connection.execute(_ALIASES, (model,))}
        tags: dict[str, dict[str, str]] = {version: {} for version in aliases.values()}
        for version, key, value in connection.execute(_TAGS, (model,)):
            if str(version) in tags:
                tags[str(version)][key] = value
    return Glance(aliases, tags)


def _asked(registry: ModelRegistry) -> Glance:
    aliases = registry.aliases()
    return Glance(aliases, {version: registry.tags(version) for version in aliases.values()})
