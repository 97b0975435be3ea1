"""A chunk becomes canonical images in a scratch file; what can't be used is told with its reason."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from weld_classes import WELD

from weldspot.images import codec
from weldspot.images.ingestion.canonicalise import Outcome, Rules, Task, run
from weldspot.images.ingestion.merge import Found
from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.table import content_id
from weldspot.labels import ClassList
from weldspot.sources.chunks import Chunk
from weldspot.sources.record import Record, Rejected

RULES = Rules(
    WELD,
    "quarantine",
    background_crops=1,
    background_crops_from=("Crack",),
    crop_side=0.35,
    max_pixels=10**6,
    min_side=16,
)
BOX = ("cracks", 2.0, 2.0, 80.0, 30.0)


def picture(seed: int) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    return cv2.resize(small, (96, 96), interpolation=cv2.INTER_CUBIC)


def outcome(folder: Path, *records: Record, rules: Rules = RULES) -> Outcome:
    return run(Task(Chunk("background", folder, records), rules, writes=(folder / "scratch",)))


def stored(folder: Path, found: Found) -> bytes:
    return (folder / found.scratch).read_bytes()[found.offset : found.offset + found.length]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        (tmp_path / f"{seed}.jpg").write_bytes(codec.encode(picture(seed)))
    (tmp_path / "broken.jpg").write_bytes(b"broken")
    cv2.imwrite(str(tmp_path / "other.png"), picture(9))
    return tmp_path


def test_images_and_crops_lie_in_the_scratch_file_where_they_say(folder: Path) -> None:
    found = outcome(folder, Record("0.jpg", ("cracks",), (BOX,)), Record("1.jpg", ("Background",)))
    assert [(f.name, f.labels) for f in found.found] == [("0.jpg", ("Crack",)), ("1.jpg", ("Background",))]
    assert found.found[0].boxes == (("Crack", 2.0, 2.0, 80.0, 30.0),)
    (crop,) = found.crops
    assert (crop.parent, crop.source, crop.labels) == (found.found[0].id, "crop", ("Background",))
    for item in (*found.found, crop):
        data = stored(folder, item)
        assert content_id(data) == item.id
        decoded = codec.canonical(data, 10**6, 16).rgb
        assert decoded.shape[1::-1] == item.size
        if item is not crop:
            prints = found.fingerprints[found.found.index(item)]
            assert np.array_equal(prints, fingerprint(decoded))


def test_what_can_not_be_used_is_told(folder: Path) -> None:
    records = [
        Record("broken.jpg", ("Crack",)), Record("absent.jpg", ("Crack",)), Record("0.jpg", ("Rust",)), Record("1.jpg"),
        Record("2.jpg", ("Crack",)),
    ]  # fmt: skip
    found = outcome(folder, *records)
    assert [item.name for item in found.found] == ["2.jpg"]
    assert found.rejected == [
        Rejected("broken.jpg", "not an image of a known format"),
        Rejected("absent.jpg", "can't be read (No such file or directory)"),
        Rejected("0.jpg", "unknown class 'Rust'"),
        Rejected("1.jpg", "annotated with nothing (ingest.unannotated = quarantine)"),
    ]


def test_an_image_without_labels_is_background_where_the_rules_say_so(folder: Path) -> None:
    assert outcome(folder, Record("0.jpg"), rules=replace(RULES, unannotated="background")).found[0].labels == (
        "Background",
    )


def test_what_was_encoded_anew_has_a_note(folder: Path) -> None:
    found = outcome(folder, Record("other.png", ("Crack",)), Record("0.jpg", ("Crack",)))
    assert found.converted == [("other.png", "PNG (RGB)")]
    assert found.crops == [], "without boxes nobody knows where the weld is"


def test_nothing_is_cut_where_an_object_has_no_box(folder: Path) -> None:
    records = [
        Record("0.jpg", ("cracks", "cracks"), (BOX,)), Record("1.jpg", ("cracks", "Porosity"), (BOX,)),
        Record("2.jpg", ("Porosity",), (("Porosity", *BOX[1:]),)),
    ]  # fmt: skip
    found = outcome(folder, *records)
    assert len(found.found) == 3
    assert found.crops == []


def test_an_image_of_two_classes_of_an_exclusive_list_is_no_image_of_either(folder: Path) -> None:
    rules = replace(RULES, classes=replace(WELD, exclusive=True))
    found = outcome(folder, Record("0.jpg", ("Crack", "Porosity")), Record("1.jpg", ("Crack",)), rules=rules)
    assert [item.name for item in found.found] == ["1.jpg"]
    assert found.rejected == [Rejected("0.jpg", "shows Crack and Porosity (labels.exclusive = true)")]


def test_a_list_without_background_has_no_crops_and_nothing_for_what_shows_nothing(folder: Path) -> None:
    rules = replace(RULES, classes=ClassList(("Crack",), aliases={"cracks": "Crack"}), unannotated="background")
    found = outcome(folder, Record("0.jpg", ("cracks",), (BOX,)), Record("1.jpg", ()), rules=rules)
    assert (len(found.found), found.crops, len(found.rejected)) == (1, [], 1)


def test_a_task_that_was_sent_away_gives_the_same_where_its_source_is_not(folder: Path) -> None:
    records = (
        Record("0.jpg", ("cracks",), (BOX,)),
        Record("broken.jpg", ("Crack",)),
        Record("missing.jpg", ("Crack",)),
    )
    task = Task(Chunk("background", folder, records), RULES, writes=(folder / "000001",))
    there, elsewhere = run(task), folder / "elsewhere/000001"
    elsewhere.parent.mkdir()
    held = task.held()
    for path in folder.glob("*.jpg"):
        path.unlink()
    found = run(held.moved((), (elsewhere,)))
    assert (found.found, found.crops, found.rejected) == (there.found, there.crops, there.rejected)
    assert len(found.rejected) == 2
    assert elsewhere.read_bytes() == task.scratch.read_bytes()
