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


def test_a_misspelt_word_is_proposed_as_an_alias() -> None:
    found = propose(
        {"solder_bridge": 9, "Solder brigde": 2, "scratch": 7, "scratches": 1, "NotSoldered": 5}, single=False
    )
    assert found.aliases == {"Solder brigde": "solder_bridge", "scratches": "scratch"}


@pytest.mark.parametrize(
    "names",
    [
        ("pore", "bore"),
        ("class 1", "class 2"),
        ("rust", "dust"),
        ("weld1", "weld11"),
        ("fully_soldered", "not_fully_soldered"),
        ("with_mask", "without_mask"),
        ("withmask", "withoutmask"),
        ("helmet", "nohelmet"),
        ("helmet", "NoHelmet"),
        ("complete", "incomplete"),
        ("defecta", "defectb"),
        ("Defect A", "Defect B"),
        ("left weld", "right weld"),
        ("HDPE bottle", "LDPE bottle"),
    ],
)
def test_other_words_stay_apart(names: tuple[str, str]) -> None:
    assert propose(dict.fromkeys(names, 4), single=True).aliases == {}


def test_what_is_to_be_ignored_is_proposed_as_given_up() -> None:
    found = propose({"__ignore__": 9, "crack": 4}, single=False)
    assert (found.names, found.retired) == (["crack"], ["__ignore__"])
    assert Labels.model_validate(yaml.safe_load(text(found, "in.zip"))).class_list().is_retired("__ignore__")
    assert "'__ignore__' is left out, on 9: retired" in said(found, "labelme", 9, 0, {})
    other = propose({"ignore": 9, "ignored": 2, "crack": 1}, single=False)
    assert (other.names, other.retired, other.aliases) == (["crack"], ["ignore", "ignored"], {})
    assert propose({"ignore": 9}, single=False).names == ["ignore"], "alone it is the only class there is"


@pytest.mark.parametrize("name", ["good weld", "Goodweld", "OK", "ok_2", "no-defect", "DefectFree", "Normal", "pass"])
def test_good_news_is_proposed(name: str) -> None:
    assert propose({name: 3, "crack": 4}, single=True).good == [name]


@pytest.mark.parametrize("name", ["okra", "passenger car", "not good", "normalised", "defect", "abnormal"])
def test_what_only_begins_like_good_news_is_not(name: str) -> None:
    assert propose({name: 3, "crack": 4}, single=True).good == []


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
    assert all(name in said(proposal, "voc", 7, 0, {}) for name in proposal.names)


def test_what_is_not_used_is_said_with_a_reason() -> None:
    lines = said(
        propose({"crack": 1}, single=True), "coco", 1, 3, {"a.jpg": "there is no such image", "b.jpg": "empty"}
    )
    assert lines.splitlines()[:3] == [
        "labels: 1 annotated image (coco)",
        "labels: 3 of them with nothing: quarantined, or the class that `background` names if "
        "ingest.unannotated=background",
        "labels: 2 can't be used (a.jpg: there is no such image)",
    ]
    assert "'None' if" in said(propose({"crack": 1, "None": 2}, single=True), "coco", 3, 1, {})
    assert "on 1 image\n" in text(propose({"crack": 1}, single=True), "in.zip")


def test_names_of_files_are_no_classes() -> None:
    with pytest.raises(WeldspotError, match="at most 100 make a list"):
        propose({f"file {number} {'abc'[number % 3] * 9}": 1 for number in range(400)}, single=True)
