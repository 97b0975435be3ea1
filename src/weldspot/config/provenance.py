"""Where every value of params.yaml comes from."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from weldspot.config.yaml_mapping import flatten, read

OVERRIDE = "override"
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")


class Value(NamedTuple):
    """One value of params.yaml."""

    key: str  # dotted
    value: object
    origin: str  # a file under conf/, or OVERRIDE


def provenance(params: Path, conf: Path) -> list[Value]:
    """Every value of params.yaml in order, with the file that gives it, or `override` when no file does."""
    data = read(params)
    given: dict[str, tuple[object, str]] = {}
    main = conf / "config.yaml"
    for entry in _defaults(main):
        if entry == "_self_":
            given |= {key: (value, str(main)) for key, value in flatten(_body(main, data))}
        else:
            given |= _closest(conf, next(iter(entry)), data)
    missing = object()
    values = []
    for key, value in flatten(data):
        default, origin = given.get(key, (missing, OVERRIDE))
        values.append(Value(key, value, origin if default == value else OVERRIDE))
    return values


def table(values: list[Value]) -> str:
    """Aligned lines: key, value, origin."""
    shown = [(v.key, _text(v.value), v.origin) for v in values]
    wide = [max(len(row[column]) for row in shown) for column in (0, 1)]
    return "\n".join(f"{key:<{wide[0]}}  {value:<{wide[1]}}  {origin}" for key, value, origin in shown)


def _closest(conf: Path, group: str, data: Mapping[str, object]) -> dict[str, tuple[object, str]]:
    """The choice of a group that params.yaml was composed from: the one it differs least from."""

    values = dict(flatten(data))

    def different(option: dict[str, tuple[object, str]]) -> int:
        keys = {key for key in values if key.startswith(f"{group}.")} | option.keys()
        return sum(key not in option or key not in values or values[key] != option[key][0] for key in keys)

    options = [_option(path, group, data) for path in sorted((conf / group).glob("*.yaml"))]
    return min(options, key=different)


def _option(path: Path, group: str, data: Mapping[str, object]) -> dict[str, tuple[object, str]]:
    given: dict[str, tuple[object, str]] = {}
    for base in _defaults(path):
        if isinstance(base, str) and base != "_self_":  # a mapping chooses in another group, which has its own turn
            given |= _option(path.with_name(f"{base}.yaml"), group, data)
    return given | {key: (value, str(path)) for key, value in flatten(_body(path, data), f"{group}.")}


def _defaults(path: Path) -> list[Any]:
    """Hydra's defaults list of a file: names, and mappings of one group to its choice."""
    found = read(path).get("defaults", [])
    return found if isinstance(found, list) else []


def _body(path: Path, data: Mapping[str, object]) -> dict[str, object]:
    """The file's own keys, with what it takes from elsewhere (`${labels.names}`) as params.yaml has it."""
    return {key: _filled(value, data) for key, value in read(path).items() if key != "defaults"}


def _filled(value: object, data: Mapping[str, object]) -> object:
    if isinstance(value, str) and (found := _REFERENCE.fullmatch(value)):
        filled: Any = data
        for part in found[1].split("."):
            filled = filled.get(part) if isinstance(filled, Mapping) else None
        return filled
    return {key: _filled(inner, data) for key, inner in value.items()} if isinstance(value, dict) else value


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return yaml.safe_dump(value).split("\n")[0]
    return str(value)
