"""dvc.yaml against the code: whatever a stage imports is a dependency, so that a change of it makes the stage stale."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from weldspot.cli import STAGES

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path.stem for path in (ROOT / "conf/source").glob("*.yaml"))
OF_ONE_SOURCE = {"sample": "src/weldspot/sources/sample/", "roboflow": "src/weldspot/sources/roboflow.py"}
GRAPH = yaml.safe_load((ROOT / "dvc.yaml").read_text())


def files(module: str) -> Iterator[Path]:
    """The file of a module of ours, if it is one."""
    base = ROOT / "src" / module.replace(".", "/")
    yield from (path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file())


def imported(path: Path) -> set[Path]:
    """What a file imports of ours, at its top or within a function, and the packages on the way."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names if name.split(".")[0] == "weldspot"]
    return {file for name in parts for end in range(1, len(name) + 1) for file in files(".".join(name[:end]))}


def has_code(path: Path) -> bool:
    """False for a package's __init__.py with no more than a docstring: it can change no output."""
    return not all(isinstance(node, ast.Expr) for node in ast.parse(path.read_text()).body)


def needed(stage: str, source: str) -> set[str]:
    """The transitive imports of a stage as paths from the root; of the sources, only the one that is configured."""
    others = tuple(path for name, path in OF_ONE_SOURCE.items() if name != source)
    seen: set[Path] = set()
    waiting = [ROOT / f"src/weldspot/stages/{stage}.py"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.relative_to(ROOT).as_posix().startswith(others):
            continue
        seen.add(path)
        waiting += imported(path)
    return {path.relative_to(ROOT).as_posix() for path in seen if has_code(path)}


def deps(stage: str, source: str) -> list[str]:
    conf = yaml.safe_load((ROOT / f"conf/source/{source}.yaml").read_text())
    return [re.sub(r"\$\{source\.(\w+)\}", lambda m: conf[m[1]], dep) for dep in GRAPH["stages"][stage]["deps"]]


def covers(dep: str, path: str) -> bool:
    return path == dep or path.startswith(f"{dep}/")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("stage", STAGES)
def test_deps_cover_every_import(stage: str, source: str) -> None:
    paths = needed(stage, source)
    assert len(paths) > 3
    missing = sorted(path for path in paths if not any(covers(dep, path) for dep in deps(stage, source)))
    assert not missing, f"add to the deps of {stage} in dvc.yaml"


@pytest.mark.parametrize("stage", STAGES)
def test_deps_name_nothing_that_is_not_there_and_nothing_that_is_not_used(stage: str) -> None:
    code = [dep for dep in deps(stage, "sample") if dep.startswith("src/")]
    assert [dep for dep in code if not (ROOT / dep).exists()] == []
    used = set().union(*(needed(stage, source) for source in SOURCES))
    assert [dep for dep in code if not any(covers(dep, path) for path in used)] == [], f"{stage} would run for nothing"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("stage", STAGES)
def test_no_dependency_twice(stage: str, source: str) -> None:
    listed = deps(stage, source)
    listed = [dep for dep in listed if dep != "conf/source/no-background.txt"]
    assert [(a, b) for a in listed for b in listed if a is not b and covers(a, b)] == []


def test_the_graph_is_the_picture() -> None:
    assert tuple(GRAPH["stages"]) == STAGES
    for stage, entry in GRAPH["stages"].items():
        assert entry["cmd"] == f"weldspot run {stage}"
        assert f"artifacts/{stage}" in entry["outs"]
        assert ("source" if stage == "fetch" else {"train": "training"}.get(stage, stage)) in entry["params"]


def test_a_stage_reads_only_sections_it_depends_on() -> None:
    """`params.split` in a module that train imports would be a dependency that DVC does not know of."""
    for stage, entry in GRAPH["stages"].items():
        source = (ROOT / f"src/weldspot/stages/{stage}.py").read_text()
        read = {m[1] for m in re.finditer(r"\bparams\.(\w+)", source)} & set(
            yaml.safe_load((ROOT / "params.yaml").read_text())
        )
        inherited = {"source"} if stage == "ingest" else set()  # its name in messages; artifacts/fetch changes with it
        assert read <= set(entry["params"]) | inherited, f"{stage} in dvc.yaml lacks params"
