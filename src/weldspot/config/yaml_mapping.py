"""A YAML file of nested keys: read as Hydra and DVC read it, and flattened to dotted ones."""

import re
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import yaml

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.yaml_files.safe_loader import SafeLoader, events


def read(path: Path) -> Mapping[str, object]:
    """The file's mapping.

    Raises:
        WeldspotError: it is absent, not text, not YAML, or no mapping.
    """
    try:
        data = parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeldspotError(
            f"{path}: no such file; run in the repository's root, or `weldspot compose` first"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WeldspotError(
            f"{path}: can't be read as text ({error}); restore it, or run `weldspot compose`"
        ) from error
    except yaml.YAMLError as error:
        line = " ".join(str(error).split())
        raise WeldspotError(f"{path}: not valid YAML ({line}); mend it, or run `weldspot compose`") from error
    if not isinstance(data, dict):
        raise WeldspotError(f"{path}: expected a mapping of keys to values; mend it, or run `weldspot compose`")
    return data


def parsed(text: str | bytes) -> object:
    """The value of a YAML text.

    Raises:
        yaml.YAMLError: it is none, also where PyYAML itself fails in another way.
    """
    try:
        _refuse_loops(text)
        return yaml.load(text, _Loader)  # a safe loader
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError) as error:  # `!!int x`, a deep nest
        raise yaml.YAMLError(f"{type(error).__name__}: {error}") from error


def flatten(section: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Dotted keys and plain values, in order."""
    for key, value in section.items():
        if isinstance(value, dict) and value:
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _refuse_loops(text: str | bytes) -> None:
    """Nothing may hold itself: who walks it would find no end."""
    around: list[str | None] = []  # anchors of what is being read
    for event in events(text):
        if isinstance(event, yaml.CollectionStartEvent):
            around.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            around.pop()
        elif isinstance(event, yaml.AliasEvent) and event.anchor in around:
            raise yaml.composer.ComposerError(None, None, f"*{event.anchor} holds itself", None)


class _Loader(SafeLoader):
    """`1e-5` is a number, as in YAML 1.2 and for Hydra and DVC; PyYAML alone wants `1.0e-5`. No key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


# and a date is text, as for Hydra
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)
