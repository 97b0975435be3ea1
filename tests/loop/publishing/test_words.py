"""An older manifest gets the words of the project's list; a newer one keeps its own."""

import contract_examples
from weld_classes import LABELS, WELD

from weldspot.contracts.manifest import Manifest
from weldspot.loop.publishing.words import worded

OLDER = {"classes", "background", "exclusive", "aliases", "retired"}


def test_an_older_manifest_gets_the_words_of_the_same_names() -> None:
    older = Manifest.model_validate(contract_examples.manifest().model_dump(exclude=OLDER))
    found = worded(older, LABELS)
    assert found.classes == LABELS.shown()
    assert found.background == WELD.background
    assert Manifest.model_validate_json(found.json_bytes()) == found


def test_names_that_the_list_does_not_have_are_shown_plainly() -> None:
    other = contract_examples.manifest(labels=["Crack", "Undercut"], classes=[], background=None)
    crack, undercut = worded(other, LABELS).classes
    assert (crack.words["de"].title, undercut.words, undercut.good) == ("Riss", {}, False)
    assert worded(other, LABELS).background is None


def test_a_manifest_that_says_them_keeps_its_own() -> None:
    own = contract_examples.manifest()
    assert worded(own, LABELS.model_copy(update={"names": ["x"], "phone": {}})) is own
