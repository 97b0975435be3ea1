"""A version knows the list that it was made with, by a tag."""

import contract_examples
from weld_classes import WELD

from weldspot.labels import ClassList
from weldspot.registry import class_lists


class Registry:
    """Two versions of one file: an older one, whose list was another, and the newest."""

    def __init__(self, tags: dict[str, str]) -> None:
        self._tags = tags

    def find(self, sha256: str) -> str | None:
        return "2" if sha256 == "ab" * 32 else None

    def tags(self, version: str) -> dict[str, str]:
        assert version == "2"
        return self._tags


def test_the_tag_is_read_back() -> None:
    tags = class_lists.tags(contract_examples.manifest())
    found = class_lists.made_with(Registry(tags), "ab" * 32)  # type: ignore[arg-type]
    assert found == ClassList(WELD.names, WELD.background, WELD.exclusive)


def test_a_file_that_no_version_holds_has_no_list() -> None:
    assert class_lists.made_with(Registry({}), "cd" * 32) is None  # type: ignore[arg-type]


def test_how_two_lists_differ_in_words() -> None:
    tag = class_lists.tags(contract_examples.manifest())["classes"]
    assert class_lists.difference(tag, WELD.names) == ""
    assert (
        class_lists.difference(tag, [*WELD.names[1:], "Undercut"]) == "also knows Background and does not know Undercut"
    )
    assert class_lists.difference(tag, WELD.names[::-1]) == "the same classes in another order"
    assert class_lists.difference("", ["x"]) == class_lists.between(tag, "") == ""
    other = class_lists.tags(contract_examples.manifest(labels=["Crack"], thresholds={"Crack": 0.5}))["classes"]
    assert class_lists.between(other, tag).startswith("does not know Background, Bad Welding")
