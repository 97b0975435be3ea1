"""dvc.yaml of a repository that has no src/: where ours names modules, it names the stage's line in weldspot.yaml."""

import re
from collections.abc import Iterator

CODE_FILE = "weldspot.yaml"
_HEAD = f"""\
# The graph, as weldspot has it. A stage's name is its section of params.yaml and its folder under artifacts/.
# Its code is the installed weldspot: {CODE_FILE} has a line for each stage, which `weldspot upgrade` brings up to date.
"""
_STAGE, _CODE = re.compile(r"  (\w+):"), re.compile(r"      - src/(weldspot/\S+)")
_PARAMS = re.compile(r"    params:(?: \[(?P<listed>.*?)\])?(?P<comment> +#.*)?")


def without_modules(ours: str) -> str:
    """The text of dvc.yaml for a new repository, from the text of ours."""
    lines: list[str] = []
    stage = ""
    for line in ours.partition("stages:\n")[2].splitlines():
        if found := _STAGE.fullmatch(line):
            stage = found[1]
        if found := _PARAMS.fullmatch(line):
            lines += [f"    params:{found['comment'] or ''}", f"      - {CODE_FILE}: [{', '.join(_keys(stage))}]"]
            lines += [f"      - {name.strip()}" for name in (found["listed"] or "").split(",") if name.strip()]
        elif not _CODE.match(line):
            lines.append(line)
    return f"{_HEAD}stages:\n" + "\n".join(lines) + "\n"


def modules(ours: str) -> dict[str, list[str]]:
    """Stage → the files that it depends on, as paths in the package's folder ("weldspot/labels.py")."""
    found: dict[str, list[str]] = {}
    for stage, path in _dependencies(ours):
        found.setdefault(stage, []).append(path)
    return found


def _keys(stage: str) -> list[str]:
    return [f"code.{stage}"] + (['"sources.${source.name}"'] if stage == "fetch" else [])


def _dependencies(ours: str) -> Iterator[tuple[str, str]]:
    stage = ""
    for line in ours.splitlines():
        if found := _STAGE.fullmatch(line):
            stage = found[1]
        elif found := _CODE.match(line):
            yield stage, found[1]
