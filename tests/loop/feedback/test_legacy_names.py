"""Names of the earlier app's files."""

from datetime import UTC, datetime

import pytest
from weld_classes import CLASSES, WELD, always

from weldspot.loop.feedback import legacy_names, upload_metadata

NAME = "A0Z_1-0.9_0-0.1_0-0.0_0-1_0-.25_1-0.75_0-1e-05.jpg"


def test_reads_bits_and_scores_in_class_order() -> None:
    name = legacy_names.upload_name(NAME)
    assert name is not None
    created = datetime(2023, 5, 6, tzinfo=UTC)
    sent = legacy_names.metadata(NAME, created, WELD) | {
        "labels": "Porosity"
    }  # Background with a defect is refused, below
    upload = upload_metadata.parse(name, sent, always)
    assert upload.id.startswith("A0Z-")
    assert upload.uploader == "legacy"
    assert upload.scores == [0.9, 0.1, 0.0, 1.0, 0.25, 0.75, 1e-05]
    assert upload.model == "0" * 64
    assert upload.taken == created
    assert legacy_names.metadata(NAME, created, WELD)["labels"] == f"{CLASSES[0]},{CLASSES[5]}"


def test_background_with_a_defect_is_quarantined_as_today() -> None:
    sent = legacy_names.metadata(NAME, datetime.now(UTC), WELD)
    upload = upload_metadata.parse(str(legacy_names.upload_name(NAME)), sent, always)
    with pytest.raises(upload_metadata.BadUpload, match="Background together"):
        upload_metadata.translated(upload, WELD)


@pytest.mark.parametrize(
    "name",
    [
        "feedback/ada/5f0c.jpg",
        NAME.replace("1-0.9", "2-0.9"),
        NAME.replace("0.75", "nan"),
        NAME.replace(".jpg", ".png"),
        f"feedback/ada/{NAME}",
    ],
)
def test_other_names_are_not_of_the_old_form(name: str) -> None:
    assert legacy_names.upload_name(name) is None
    with pytest.raises(ValueError, match="not of the old form"):
        legacy_names.metadata(name, datetime.now(UTC), WELD)


@pytest.mark.parametrize(
    ("name", "count"), [(NAME.replace("_0-1e-05", ""), 6), (NAME.replace(".jpg", "_0-0.1.jpg"), 8)]
)
def test_names_of_another_list_are_quarantined_with_the_counts(name: str, count: int) -> None:
    assert legacy_names.upload_name(name)
    with pytest.raises(upload_metadata.BadUpload, match=f"tells of {count} classes, the list has 7"):
        legacy_names.metadata(name, datetime.now(UTC), WELD)


def test_names_stay_different_and_valid() -> None:
    tail = NAME.removeprefix("A0Z")
    others = [
        NAME,
        f"feedback/{NAME}",
        f"A0Z {tail}".replace(" _", "_"),
        f"a b.c{tail}",
        f"a-b-c{tail}",
        f"{'x' * 300}{tail}",
    ]
    names = {str(legacy_names.upload_name(name)) for name in others}
    assert len(names) == len(set(others))
    for name in names:
        upload_metadata.parse(
            name,
            {"labels": "Crack", "scores": "0,0,0,0,0,0,0", "model": "0" * 64, "taken": "2023-01-01T00:00Z"},
            always,
        )
