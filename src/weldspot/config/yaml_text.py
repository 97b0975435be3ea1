"""A value as it stands in a YAML file that people edit."""

import yaml

from weldspot.config.yaml_mapping import parsed


def on_one_line(value: str | bool | list[str] | None) -> str:
    """Text that Hydra and DVC read as this value: for them `1e5` is a number, which PyYAML by itself takes for text."""
    plain = _dumped(value, None)
    return plain if parsed(plain) == value else _dumped(value, '"')


def _dumped(value: object, style: str | None) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, width=100_000, default_flow_style=True, default_style=style)
    return text.split("\n")[0]
