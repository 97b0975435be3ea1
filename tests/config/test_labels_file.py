"""A list proposed from the names of an export: near-duplicates are one class, odd names are kept as aliases."""

import pytest
import yaml

from weldspot.config.labels_file import propose, said, text
from weldspot.config.sections.labels import Labels
from weldspot.runtime.errors import WeldspotError

IMAGES = {"Spatter": 40, "spatters": 3, "crater": 20, "craters": 2, "not_fully_soldered": 9, "Good weld": 30, "None": 5}


def test_near_duplicates_are_proposed_as_aliases_of_the_commoner() -> None:
    found = propose(IMAGES, single=False)
    assert found.names == ["Spatter", "Good weld", "crater", "not_fully_soldered", "None"]
    assert found.aliases == {"spatters": "Spatter", "craters": "crater"}
    assert (found.background, found.good, found.exclusive) == ("None", ["Good weld"], False)


@pytest.mark.parametrize("names", [("pore", "bore"), ("class 1", "class 2"), ("rust", "dust"), ("weld1", "weld11")])
def test_other_words_stay_apart(names: tuple[str, str]) -> None:
    assert propose(dict.fromkeys(names, 4), single=True).aliases == {}


@pytest.mark.parametrize(
    "names",
    [
        tuple(IMAGES),
        ("no", "yes"),
        ("1", "2", "3.5"),
        ("a,b", "c;d", "<x>", "  "),
        ("Riß", "溶接", "שבר", "emoji 🔧", "it's: odd # name", "- dash", "{brace}"),
        ("embedding", "id"),
        ("x" * 90, "y"),
        ("alone",),
    ],
)
def test_what_is_written_is_a_list_that_is_read(names: tuple[str, ...]) -> None:
    proposal = propose(dict.fromkeys(names, 7), single=True)
    section = Labels.model_validate(yaml.safe_load(text(proposal, "my set.zip")))
    assert section.names == proposal.names
    assert all(section.class_list().canonical(name) for name in names if name.strip())
    assert "on 7 images" in text(proposal, "my set.zip")
    assert all(name in said(proposal, "voc", 7, 1) for name in proposal.names)


def test_names_of_files_are_no_classes() -> None:
    with pytest.raises(WeldspotError, match="at most 100 make a list"):
        propose({f"file {number} {'abc'[number % 3] * 9}": 1 for number in range(400)}, single=True)
