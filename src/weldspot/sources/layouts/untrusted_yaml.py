"""Somebody else's YAML: read only as far as a table of classes or a card's head needs, whatever it holds."""

from collections import Counter
from collections.abc import Hashable

import yaml

from weldspot.runtime.yaml_files.safe_loader import SafeLoader
from weldspot.sources.text import decode

MAX_BYTES = 1 << 20
_MOST, _DEEPEST, _LONGEST = 50_000, 40, 1 << 16  # values with all aliases followed, lists in lists, letters of a value
_LARGEST = 10**100  # of a number: in hexadecimal Python reads very many digits, and then can't write them
_MOST_DIRECTIVES = 100  # of `%TAG`, which the parser compares with each other


class BadYaml(ValueError):
    """Why it is not read."""


def load(data: bytes) -> object:
    """The value of a YAML text of at most MAX_BYTES.

    Raises:
        BadYaml: it is none, too large, nested too deeply, or names a key twice.
    """
    if len(data) > MAX_BYTES:
        raise BadYaml(f"{len(data)} bytes, more than {MAX_BYTES}")
    try:
        text = decode(data)
        _weigh(text)
        return yaml.load(text, _Loader)  # a safe loader
    except BadYaml:
        raise
    except RecursionError:
        raise BadYaml("nested too deeply") from None
    except Exception as error:  # of `!!int x` or 2001-99-99 PyYAML raises anything
        raise BadYaml(" ".join(str(error).split())[:200] or type(error).__name__) from error


def _weigh(text: str) -> None:
    """Counts what would be built, before anything is."""
    if text.count("%TAG") > _MOST_DIRECTIVES:
        raise BadYaml(f"more than {_MOST_DIRECTIVES} %TAG")
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, SafeLoader):
        anchor, size = open_[-1]
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise BadYaml(f"*{event.anchor} holds itself, or nothing")
            size += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, 1))
            if len(open_) > _DEEPEST:
                raise BadYaml(f"nested more than {_DEEPEST} times")
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            open_.pop()
            if anchor is not None:
                sizes[anchor] = size
            anchor, size = open_[-1][0], open_[-1][1] + size
        elif isinstance(event, yaml.ScalarEvent):
            size += 1
            if len(event.value) > _LONGEST:
                raise BadYaml(f"a value of more than {_LONGEST} letters")
            if event.anchor is not None:
                sizes[event.anchor] = 1
        if size > _MOST:
            raise BadYaml(f"more than {_MOST} values")
        open_[-1] = (anchor, size)


class _Loader(SafeLoader):
    """A key that stands twice is an error: the last `names:` would win without a word; so is a number without bound."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        if twice := next((key for key, times in keys.items() if times > 1), None):
            raise BadYaml(f"the key {twice[:60]!r} stands twice")
        return super().construct_mapping(node, deep)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        value = int(super().construct_yaml_int(node))
        if abs(value) > _LARGEST:
            raise BadYaml("a number of more than 100 digits")
        return value


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)
