"""dvc.yaml against the code: a stage depends on the modules that it imports, no fewer and no more."""

import importlib
import re

import pytest
import yaml
from imports import ROOT, needed
from stage_deps import OF_ONE_SOURCE, exact, imported

from weldspot.cli import STAGES
from weldspot.config.parameters import Params
from weldspot.config.sections.ingest import Ingest, Layouts
from weldspot.config.sections.labels import ClassNames, Labels

SOURCES = sorted(path.stem for path in (ROOT / "conf/source").glob("*.yaml"))
GRAPH = yaml.safe_load((ROOT / "dvc.yaml").read_text())


def deps(stage: str, source: str) -> list[str]:
    """The dependencies of a stage with the paths of a source filled in."""
    conf = yaml.safe_load((ROOT / f"conf/source/{source}.yaml").read_text())
    return [re.sub(r"\$\{source\.(\w+)\}", lambda m: conf[m[1]], dep) for dep in GRAPH["stages"][stage]["deps"]]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_the_modules_that_it_imports_no_fewer_and_no_more(stage: str) -> None:
    listed = [dep for dep in GRAPH["stages"][stage]["deps"] if dep.startswith("src/")]
    assert listed == sorted(imported(stage)), "`make deps` writes them"


def test_make_deps_mends_what_was_left_out_and_what_is_too_much() -> None:
    right = (ROOT / "dvc.yaml").read_text()
    line = "      - src/weldspot/labels.py\n"
    assert exact(right) == right
    assert exact(right.replace(line, "")) == right
    assert exact(right.replace(line, f"{line}      - src/weldspot/cli.py\n")) == right


@pytest.mark.parametrize("source", SOURCES)
def test_the_code_of_a_source_is_its_path(source: str) -> None:
    code = OF_ONE_SOURCE.get(source)
    assert code is None or code.rstrip("/") in deps("fetch", source)
    for stage in STAGES[1:]:
        assert not [dep for dep in deps(stage, source) if dep.startswith(tuple(OF_ONE_SOURCE.values()))]


def test_the_folder_of_the_renderer_holds_only_what_renders() -> None:
    folder = ROOT / OF_ONE_SOURCE["sample"]
    assert set(folder.glob("*.py")) <= needed(folder / "export.py") | {folder / "__init__.py"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_dependency_is_there_once(stage: str, source: str) -> None:
    listed = [dep for dep in deps(stage, source) if dep != "conf/source/no-background.txt"]
    assert [(a, b) for a in listed for b in listed if a is not b and (a == b or b.startswith(f"{a}/"))] == []
    assert [dep for dep in listed if dep.startswith("src/") and not (ROOT / dep).exists()] == []


def test_the_graph_is_the_picture() -> None:
    assert tuple(GRAPH["stages"]) == STAGES
    for stage, entry in GRAPH["stages"].items():
        assert entry["cmd"] == f"weldspot run {stage}"
        assert f"artifacts/{stage}" in entry["outs"]


def watched(stage: str) -> list[str]:
    """What a stage's `Params` names: a section, or of those that several stages share the part that it takes."""
    params = importlib.import_module(f"weldspot.stages.{stage}").Params
    found: list[str] = []
    for name, field in params.model_fields.items():
        part = field.annotation
        whole = not (isinstance(part, type) and issubclass(part, ClassNames | Layouts)) or part in (Labels, Ingest)
        found += [name] if whole else [f"{name}.{key}" for key in part.model_fields]
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_given_the_sections_that_dvc_watches_for_it(stage: str) -> None:
    assert watched(stage) == GRAPH["stages"][stage]["params"]


def test_no_stage_reads_which_engine_works() -> None:
    assert [stage for stage in STAGES if "engine" in {key.partition(".")[0] for key in watched(stage)}] == []
    assert "engine" in Params.model_fields


def test_words_for_the_phone_reach_export_alone() -> None:
    assert {stage for stage in STAGES if {"labels", "labels.phone"} & set(watched(stage))} == {"export"}


ALONE = {
    "model/export/model_card.md.j2": {"export"},
    "model/training/optimizer.py": {"train"},
    "model/evaluation/curves.py": {"evaluate"},
    "loop/drift/gate.py": set(),
    "workspace.py": set(),
    "config/sections/augment.py": {"augment"},
    "config/sections/loop.py": set(),
    "config/engine.py": set(),
    "runtime/engines/ray_engine.py": set(),
    "runtime/engines/ray_session.py": set(),
}


@pytest.mark.parametrize("file", ALONE)
def test_a_change_reaches_the_stages_that_it_can_change(file: str) -> None:
    path = f"src/weldspot/{file}"
    assert (ROOT / path).is_file()
    assert {stage for stage in STAGES if path in GRAPH["stages"][stage]["deps"]} == ALONE[file]
