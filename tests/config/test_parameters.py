"""params.yaml is read through its sections, and a stage gets those that it names."""

from pathlib import Path

import pytest
from project_copy import composed

from weldspot.config import parameters
from weldspot.config.engine import LocalEngine, RayEngine
from weldspot.config.sections.base import StageParams
from weldspot.config.sections.split import Split
from weldspot.runtime.errors import WeldspotError


def test_params_that_were_edited_by_hand_are_checked(repo: Path) -> None:
    params = composed(repo)
    params.write_text(params.read_text().replace("min_groups: 5", "min_groups: five"))
    with pytest.raises(WeldspotError, match=r"split\.min_groups"):
        parameters.load(params)
    params.write_text("source: [")
    with pytest.raises(WeldspotError, match="not valid YAML"):
        parameters.load(params)


def test_a_stage_gets_the_sections_that_it_names_and_no_other(repo: Path) -> None:
    class Wanted(StageParams):
        split: Split

    params = parameters.load(composed(repo, "split.seed=7"))
    chosen = params.select(Wanted)
    assert chosen.split is params.split
    assert set(chosen.model_dump()) == {"split"}


@pytest.mark.parametrize("data", [None, [], "text", {"split": {}}])
def test_what_is_no_set_of_sections_is_one_line(data: object) -> None:
    with pytest.raises(WeldspotError, match=r"^params\.yaml: [^\n]+$"):
        parameters.parse(data)


def test_a_typing_error_in_the_loops_section_names_its_key(repo: Path) -> None:
    params = composed(repo)
    params.write_text(params.read_text().replace("min_images: 50", "min_pictures: 50"))
    with pytest.raises(WeldspotError, match=r"loop\.gate\.min_pictures is not a known key"):
        parameters.load(params)


def test_an_engine_is_chosen_like_any_value_and_local_where_params_yaml_is_older(repo: Path) -> None:
    params = composed(repo, "engine=ray", "engine.address='ray://head:10001'")
    assert parameters.load(params).engine == RayEngine(name="ray", address="ray://head:10001")
    lines = composed(repo).read_text().replace("engine:\n  name: local\n", "")
    params.write_text(lines)
    assert parameters.load(params).engine == LocalEngine(name="local")


@pytest.mark.parametrize("address", ["head", "ray://head", "http://head:1", "head:6379/x"])
def test_an_address_that_is_none_names_its_key(repo: Path, address: str) -> None:
    with pytest.raises(WeldspotError, match=r"engine\.address: [^\n]*"):
        composed(repo, "engine=ray", f"engine.address='{address}'")
