"""conf/ of a new repository: ours to the letter, but for what was asked."""

import re
from collections.abc import Mapping
from pathlib import Path

from weldspot import shipped
from weldspot.config.yaml_text import on_one_line


def files() -> dict[str, str]:
    """Path → text of every file of our conf/."""
    top = shipped.file("conf")
    paths = [path for path in sorted(top.rglob("*")) if path.is_file()]
    return {f"conf/{path.relative_to(top).as_posix()}": path.read_text() for path in paths}


def chosen(ours: Mapping[str, str], labels: str, source: str, path: Path | None, name: str) -> dict[str, str]:
    """The files with the list, the source and the names in MLflow that were asked for.

    A source that is code (`path: src/…`) has its own file here as its path: weldspot.yaml tells when that code changes.
    """
    texts = dict(ours)
    main = {"  - labels": labels, "  - source": source, "  experiment": name, "  model": name}
    texts["conf/config.yaml"] = _set(texts["conf/config.yaml"], main)
    for file, text in texts.items():
        if file.startswith("conf/source/") and re.search(r"^path: src/", text, re.MULTILINE):
            texts[file] = _set(text, {"path": file})
    if path is not None:
        file = f"conf/source/{source}.yaml"
        texts[file] = _set(texts[file], {"path": str(path)})
    return texts


def _set(text: str, values: Mapping[str, str]) -> str:
    """The YAML text with other values; what else stands in it stays. Keys come with their indentation."""
    for key, value in values.items():
        line = re.compile(rf"^({re.escape(key)}: )(\S.*?)( +#.*)?$", re.MULTILINE)
        found, *others = line.finditer(text)
        assert not others, f"{key.strip()} stands more than once in what weldspot ships"
        new = on_one_line(value)
        text = text[: found.start()] + found[1] + new + _comment(found, new) + text[found.end() :]
    return text


def _comment(found: re.Match[str], value: str) -> str:
    """Of a line, in the column where it was; without the advice to set what is set now."""
    comment = (found[3] or "").lstrip()
    if not comment or (comment.startswith("# set it") and value != found[2]):
        return ""
    return " " * max(2, len(found[2]) + len(found[3]) - len(comment) - len(value)) + comment
