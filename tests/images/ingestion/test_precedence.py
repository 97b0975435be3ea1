"""Who was first owns a photograph and its scene; the whole story through the stages is in test_late_batches.py."""

from dataclasses import replace
from pathlib import Path

import pytest
import scenery
from weld_classes import WELD

from weldspot.images.ingestion.merge import Found, merge
from weldspot.images.ingestion.precedence import cut_before, firsts, outvoted
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.scenes.nearness.print_file import PrintFile

PLACE = Found("ab", "z.jpg", "export", ("Crack",), (("Crack", 1.0, 1.0, 2.0, 2.0),), (9, 9), "000000", 0, 3)
COPY = replace(PLACE, name="feedback/a.parquet#000000", source="feedback", boxes=())


def test_a_later_copy_adds_nothing_and_one_that_agrees_is_no_contradiction() -> None:
    found = firsts([COPY, PLACE], [1, 0], WELD)
    assert found.merged["ab"].places == [PLACE]
    assert (found.numbers, found.age, found.contradicting) == ([1], {"ab": 0}, [])


def test_a_later_copy_with_other_labels_is_told_and_changes_nothing() -> None:
    found = firsts([replace(COPY, labels=("Porosity", "Splatters")), PLACE], [1, 0], WELD)
    assert found.merged["ab"].labels == ["Crack"]
    (told,) = found.contradicting
    assert told.name == COPY.name
    assert told.reason == "contradicts z.jpg, the same photograph: Porosity and Splatters instead of Crack"


def test_within_one_export_labels_still_unite() -> None:
    found = firsts([PLACE, replace(PLACE, name="y.jpg", labels=("Porosity",))], [0, 0], WELD)
    assert found.merged["ab"].labels == ["Crack", "Porosity"]
    assert found.contradicting == []


def test_a_batch_that_has_a_photograph_as_two_things_has_it_for_nothing_and_so_have_later_ones() -> None:
    other = replace(COPY, name="feedback/a.parquet#000001", labels=("Porosity",))
    later = replace(COPY, name="feedback/b.parquet#000000")
    found = firsts([COPY, other, later], [1, 1, 2], WELD)
    assert (found.merged, found.numbers) == ({}, [])
    assert [told.name for told in found.contradicting] == [COPY.name, other.name, later.name]


def test_a_photograph_that_is_a_crop_of_an_older_one_goes_and_is_told_where_it_says_otherwise() -> None:
    crop = merge([replace(PLACE, id="cd", source="crop", labels=("Background",), parent="ab")], WELD)
    for label, told in (("Crack", 1), ("Background", 0)):
        later = merge([replace(COPY, id="cd", labels=(label,))], WELD)
        merged = {"ab": merge([PLACE], WELD), "cd": later}
        assert len(cut_before([crop], merged)) == told
        assert set(merged) == {"ab"}


def voted(folder: Path, rows: list[tuple[str, int, str, int]]) -> dict[str, str]:
    """Reason by id, of (id, scene that the picture shows, label, age), all of one group."""
    prints = PrintFile(folder / "fingerprints")
    prints.append(fingerprint(scenery.scene(scene, 64)) for _, scene, _, _ in rows)
    places = [replace(COPY, id=image, name=f"{image}.jpg", labels=(label,)) for image, _, label, _ in rows]
    found = firsts(places, [age for *_, age in rows], WELD)
    return {
        image: told.reason for image, told in outvoted(found, {row[0]: "g" for row in rows}, places, prints).items()
    }


def test_a_scene_is_labelled_as_its_founders_are(tmp_path: Path) -> None:
    assert voted(tmp_path, [("late", 1, "Crack", 1), ("old", 1, "Crack", 0), ("wrong", 1, "Porosity", 2)]) == {
        "wrong": "contradicts old.jpg, a photograph of the same scene: Porosity instead of Crack"
    }


def test_where_founders_differ_the_nearest_one_counts(tmp_path: Path) -> None:
    founders = [("one", 1, "Crack", 3), ("two", 2, "Porosity", 3)]
    later = [("a", 1, "Crack", 4), ("b", 1, "Porosity", 4), ("c", 2, "Porosity", 5), ("d", 2, "Crack", 5)]
    assert set(voted(tmp_path, [*later, *founders])) == {"b", "d"}


def test_many_founders_are_looked_at_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weldspot.images.ingestion.precedence.BLOCK", 2)
    monkeypatch.setattr("weldspot.images.ingestion.precedence._ROWS", 3)
    kinds = [WELD.names[k % 7] for k in range(9)]
    founders = [(f"f{k}", k, kinds[k], 0) for k in range(9)]
    later = [(f"l{k}", k, kinds[(k + k % 2) % 9], 1) for k in range(9)]
    expected = {f"l{k}" for k in range(9) if kinds[(k + k % 2) % 9] != kinds[k]}
    assert set(voted(tmp_path, founders + later)) == expected
    assert len(expected) == 4
