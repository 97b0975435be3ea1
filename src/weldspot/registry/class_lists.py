"""Which list of classes a version was made with: a tag of the version, so that nothing has to be fetched to know it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from weldspot.contracts.manifest import Manifest
from weldspot.labels import ClassList
from weldspot.registry import versions
from weldspot.registry.model_registry import LIST_TAG, ModelRegistry
from weldspot.runtime.errors import WeldspotError


class _Kept(BaseModel):
    names: list[str]
    background: str | None
    exclusive: bool


def tags(manifest: Manifest) -> dict[str, str]:
    """The tag of a version with this manifest."""
    kept = _Kept(names=manifest.labels, background=manifest.background, exclusive=manifest.exclusive)
    return {LIST_TAG: kept.model_dump_json()}


def difference(tag: str, classes: Sequence[str]) -> str:
    """How the list in a version's tag differs from these names, for people; "" when it does not, or says nothing."""
    try:
        names = _Kept.model_validate_json(tag).names
    except ValidationError:  # an older version
        return ""
    more, fewer = ([name for name in a if name not in b] for a, b in ((names, classes), (classes, names)))
    if not more and not fewer:
        return "" if list(names) == list(classes) else "the same classes in another order"
    said = [f"also knows {', '.join(more)}" if more else "", f"does not know {', '.join(fewer)}" if fewer else ""]
    return " and ".join(filter(None, said))


def between(tag: str, other: str) -> str:
    """How the list in the tag of a version differs from that in another's; "" when either says nothing."""
    try:
        return difference(tag, _Kept.model_validate_json(other).names)
    except ValidationError:
        return ""


def made_with(registry: ModelRegistry, sha256: str) -> ClassList | None:
    """The list of the newest version that holds a file; None where the registry has none, or can't tell."""
    version = registry.find(sha256)
    if version is None:
        return None
    try:
        kept = _Kept.model_validate_json(registry.tags(version).get(LIST_TAG, ""))
        return ClassList(tuple(kept.names), kept.background, kept.exclusive)
    except ValidationError:  # older versions have no such tag: their manifest knows
        return _of_manifest(registry, version)


def _of_manifest(registry: ModelRegistry, version: str) -> ClassList | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return versions.fetch_version(registry, version, Path(folder)).manifest.class_list()
        except WeldspotError:
            return None
