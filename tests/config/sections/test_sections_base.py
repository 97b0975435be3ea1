"""What a validation says, in one line that names every key."""

import pytest
from pydantic import ValidationError

from weldspot.config.sections.base import Section, StageParams, one_line
from weldspot.config.sections.preprocess import Denoise
from weldspot.config.sections.split import Split


def said(section: type[Section], data: object, *inside: str) -> str:
    with pytest.raises(ValidationError) as caught:
        section.model_validate(data)
    return one_line(caught.value, "params.yaml", inside)


def test_every_problem_is_named_with_its_key() -> None:
    text = said(Split, {"train": 2, "val": 0.1, "seed": "one", "speed": 1}, "split")
    for part in ("split.train", "split.test is missing", "split.seed", "split.speed is not a known key"):
        assert part in text
    assert "\n" not in text


def test_a_rule_over_several_keys_says_its_own_words() -> None:
    assert "an odd number, or 0 for off, not 4" in said(Denoise, {"median": 4, "gaussian": 0, "bilateral": 0})


def test_numbers_are_not_guessed_from_text() -> None:
    with pytest.raises(ValidationError):
        Denoise.model_validate({"median": "3", "gaussian": 0, "bilateral": 0})


def test_a_section_cannot_be_changed_and_a_stage_heeds_its_own() -> None:
    class Wanted(StageParams):
        denoise: Denoise

    found = Wanted.model_validate({"denoise": {"median": 3, "gaussian": 0, "bilateral": 0}, "split": "nonsense"})
    with pytest.raises(ValidationError):
        found.denoise.median = 5  # type: ignore[misc]
