"""A list of classes is whole, or the key that is wrong is named."""

import pytest
from pydantic import ValidationError
from weld_classes import LABELS

from weldspot.config.sections.labels import Labels

GIVEN = LABELS.model_dump()
BARE = {
    "names": ["ok", "crater"], "background": None, "exclusive": False, "aliases": {}, "retired": [], "colours": {},
    "background_crops_from": [], "good": [], "phone": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": []}, "names"),
        ({"names": ["Crack", "crack "]}, "names"),
        ({"names": ["Good Weld", "good_weld"]}, "read as one"),
        ({"names": ["a,b"]}, "names"),
        ({"names": ["tab\there"]}, "names"),
        ({"names": ["embedding", "x"]}, "can't be a class's name"),
        ({"names": ["--", "x"]}, "can't be a class's name"),
        ({"names": [f"{number:02d} {'ß' * 15}" for number in range(70)]}, "longer than 2000 bytes together"),
        ({"names": ["alone"], "exclusive": True}, "it takes two classes"),
        ({"background": "Nothing"}, "background names 'Nothing'"),
        ({"good": ["Fine"]}, "good names 'Fine'"),
        ({"background": "ok", "good": ["ok"]}, "good names 'ok'"),
        ({"aliases": {"hole": "creater"}}, "aliases names 'creater', which is none of ok, crater"),
        ({"aliases": {"CRATER": "ok"}}, "is the class 'crater' itself"),
        ({"retired": ["Crater"]}, "is a class or an alias still"),
        ({"colours": {"crater": "red"}}, "colours"),
        ({"colours": {"hole": "#000000"}}, "colours names 'hole'"),
        ({"background_crops_from": ["hole"]}, "background_crops_from names 'hole'"),
        ({"phone": {"crater": {"english": {}}}}, "phone"),
        ({"phone": {"crater": {"en": {"titel": "x"}}}}, "titel"),
        ({"phone": {"hole": {}}}, "phone names 'hole'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Labels.model_validate(BARE | change)


def test_a_bare_list_is_enough_and_every_class_has_a_colour_of_its_own() -> None:
    bare = Labels.model_validate(BARE | {"names": [f"c{number}" for number in range(30)]})
    assert len(set(bare.palette().values())) == 30
    shown = bare.shown()
    assert [one.name for one in shown] == bare.names
    assert not any(one.good or one.words for one in shown)


def test_the_default_list_says_what_a_phone_shows() -> None:
    crack = next(one for one in LABELS.shown() if one.name == "Crack")
    assert (crack.words["en"].title, crack.words["de"].title, crack.good) == ("Crack", "Riss", False)
    assert [one.name for one in LABELS.shown() if one.good] == ["Good Welding"]
    assert {language for one in LABELS.shown() for language in one.words} == {"en", "de", "es", "zh"}


def test_a_part_of_the_section_knows_its_part_of_the_list() -> None:
    assert LABELS.class_list().canonical("spatters") == "Splatters"
    assert LABELS.class_list().background == "Background"
    assert Labels.model_validate(GIVEN) == LABELS
