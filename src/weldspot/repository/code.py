"""weldspot.yaml: which code a repository's results were made with, a line a stage, and the files that came with it."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from weldspot import shipped
from weldspot.config.yaml_mapping import read
from weldspot.repository.graph import CODE_FILE, modules
from weldspot.runtime.errors import WeldspotError

_HEAD = """\
# The code that the results here were made with. `weldspot upgrade` writes this file, by the weldspot that is installed.
"""
_OF_SOURCE = re.compile(r"^path: src/(weldspot/\S+)", re.MULTILINE)
_NONE = "none of its own"


class Code(BaseModel):
    """`code`: stage → what it is made of; `sources`: the same of what makes or downloads photographs.

    `files`: path → what weldspot wrote there; a file that is another one by now is its owner's.
    """

    model_config = ConfigDict(extra="forbid")

    version: str
    code: dict[str, str]
    sources: dict[str, str]
    files: dict[str, str]

    def text(self) -> str:
        """The file; each part says what it is."""
        parts = (
            yaml.safe_dump({"version": self.version}),
            "# a stage runs again when its line changes\n" + yaml.safe_dump({"code": self.code}, sort_keys=False),
            yaml.safe_dump({"sources": self.sources}, sort_keys=False),
            "# as weldspot wrote them; one that you have changed since is left alone\n"
            + yaml.safe_dump({"files": self.files}, width=1000),
        )
        return _HEAD + "".join(parts)


def installed(files: Mapping[str, bytes]) -> Code:
    """Of the package that runs; `files`: path → content, of what is written beside weldspot.yaml."""
    stages = modules(shipped.file("dvc.yaml").read_text())
    sources = {path.stem: path.read_text() for path in sorted(shipped.file("conf/source").glob("*.yaml"))}
    return Code(
        version=version("weldspot"),
        code={stage: _of_modules(paths) for stage, paths in stages.items()},
        sources={name: _of_modules([found[1]]) if (found := _OF_SOURCE.search(text)) else _NONE
                 for name, text in sources.items()},
        files={path: digest(content) for path, content in sorted(files.items())},
    )  # fmt: skip


def recorded(root: Path) -> Code | None:
    """What the repository in `root` was made with; None where it has its code in src/, as WeldSpot's own checkout."""
    path = root / CODE_FILE
    if not path.exists():
        return None
    try:
        return Code.model_validate(dict(read(path)))
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"]))
        raise WeldspotError(
            f"{path}: {key} is not as weldspot wrote it; restore it, or run `weldspot upgrade`"
        ) from error


def check(root: Path, stage: str, source: str) -> None:
    """Nothing runs with code that weldspot.yaml does not name: dvc.lock would say that other code had made it.

    Raises:
        WeldspotError: the code of `stage`, or of what brings the photographs of `source`, is another one.
    """
    there = recorded(root)
    if there is None:
        return
    here = installed({})
    parts = {f"code.{stage}": (there.code.get(stage), here.code.get(stage))}
    if stage == "fetch":
        parts[f"sources.{source}"] = there.sources.get(source), here.sources.get(source)
    if other := [key for key, (was, now) in parts.items() if was != now]:
        raise WeldspotError(f"{root / CODE_FILE}: {difference(there, here, other)}")


def difference(there: Code, here: Code, keys: Iterable[str]) -> str:
    """What is not the same, and the two ways out."""
    same = there.version == here.version
    versions = f"{here.version}, changed since" if same else f"{here.version}, not {there.version}"
    return (
        f"the installed weldspot is {versions} ({', '.join(keys)}): `weldspot upgrade` takes it up, and what "
        "it changes runs again; `pip install --force-reinstall --no-deps -r requirements.txt` brings the other back"
    )


def changes(there: Code, here: Code) -> list[str]:
    """The lines that differ, as `code.train`."""
    pairs = [("code", there.code, here.code), ("sources", there.sources, here.sources)]
    return [f"{part}.{key}" for part, a, b in pairs for key in sorted({*a, *b}) if a.get(key) != b.get(key)]


def digest(content: bytes) -> str:
    """Enough of SHA-256 to tell versions of one file apart; by its head no YAML takes it for a number."""
    return f"sha256:{hashlib.sha256(content).hexdigest()[:16]}"


def _of_modules(paths: list[str]) -> str:
    """Of files and folders of the package: their names, and what is in them."""
    base = shipped.PACKAGE.parent
    files = [
        file for path in paths for file in ([base / path] if (base / path).is_file() else (base / path).rglob("*.py"))
    ]
    told = [f"{file.relative_to(base).as_posix()} {digest(file.read_bytes())}\n" for file in sorted(files)]
    return digest("".join(told).encode())
