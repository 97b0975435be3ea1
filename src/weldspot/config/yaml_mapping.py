"""A YAML file of nested keys: read, and flattened to dotted ones."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from weldspot.runtime.errors import WeldspotError


def read(path: Path) -> Mapping[str, object]:
    """The file's mapping.

    Raises:
        WeldspotError: it is absent, not text, not YAML, or no mapping.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
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


def flatten(section: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Dotted keys and plain values, in order."""
    for key, value in section.items():
        if isinstance(value, dict) and value:
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
