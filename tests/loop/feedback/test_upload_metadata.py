"""What an upload's metadata must say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weld_classes import CLASSES, always

from weldspot.labels import ClassList
from weldspot.loop.feedback.upload_metadata import BadUpload, parse, translated

NAME = "feedback/anna_7/3f0c2a1e-1111-4222-8333-444455556666.jpg"
GOOD = {
    "labels": "Porosity, crack",
    "scores": "0,0.1,0.9,0,0.2,1,0.5",
    "model": "ab" * 32,
    "taken": "2026-03-01T10:00:00+02:00",
}


def test_a_good_upload_is_read_in_canonical_form() -> None:
    upload = parse(NAME, GOOD | {"device": "phone", "note": "überhöht"}, always)
    assert upload.labels == ["Crack", "Porosity"]
    assert upload.scores[2] == 0.9
    assert upload.uploader == "anna_7"
    assert upload.taken.hour == 8


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"labels": ""}, "no labels"),
        ({"labels": "Rust"}, "none of the classes Background"),
        ({"labels": "Background,Crack"}, "together"),
        ({"scores": "0,1"}, "2 scores"),
        ({"scores": "0,0,0,0,0,0,1.5"}, "between 0 and 1"),
        ({"scores": "0,0,0,0,0,0,nan"}, "between 0 and 1"),
        ({"scores": "a"}, "not numbers"),
        ({"model": "abc"}, "SHA-256"),
        ({"taken": "yesterday"}, "ISO 8601"),
        ({"taken": "2026-03-01T10:00:00"}, "time zone"),
        ({"taken": "1970-01-01T00:00:00Z"}, "1970"),
        ({"sha256": "zz"}, "sha256"),
        ({"note": "x" * 3000}, "note"),
    ],
)
def test_a_bad_one_says_why(change: dict[str, str], reason: str) -> None:
    with pytest.raises(BadUpload, match=reason):
        parse(NAME, GOOD | change, always)


@pytest.mark.parametrize(
    "name", ["x.jpg", "feedback/a/../b.jpg", "feedback/a/b.png", "feedback//b.jpg", "models/a/b.jpg"]
)
def test_a_name_that_is_no_upload(name: str) -> None:
    with pytest.raises(BadUpload, match="name"):
        parse(name, GOOD, always)


OTHER = {"classes": "Nothing,Riss,Pore", "labels": "Pore, riss", "scores": "0,1,0.5"}


def test_a_phone_with_another_list_says_which() -> None:
    upload = parse(NAME, GOOD | OTHER, always)
    assert (upload.classes, upload.labels, upload.scores) == (
        ["Nothing", "Riss", "Pore"],
        ["Riss", "Pore"],
        [0, 1, 0.5],
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"classes": "a,b", "scores": "0,1"}, "none of the classes a, b"),
        ({"classes": "Riss,Pore"}, "3 scores instead of 2"),
        ({"classes": "Nothing,Riss,riss"}, "no list of classes"),
        ({"classes": "Nothing,,Pore"}, "no class's name"),
        ({"classes": "Nothing,Ri<b>ss,Pore"}, "no class's name"),
        ({"classes": f"Nothing,{'x' * 61},Pore"}, "no class's name"),
        ({"classes": ",".join(f"c{number}" for number in range(101))}, "no list of classes"),
        ({"classes": "x," * 3000}, "longer than"),
    ],
)
def test_a_list_that_is_none(change: dict[str, str], reason: str) -> None:
    with pytest.raises(BadUpload, match=reason):
        parse(NAME, GOOD | OTHER | change, always)


def test_labels_of_another_list_mean_what_the_project_says_or_nothing() -> None:
    upload = parse(NAME, GOOD | OTHER, always)
    merged = ClassList(("Background", "Defect"), "Background", aliases={"riss": "Defect", "pore": "Defect"})
    assert translated(upload, merged) == ["Defect"]
    with pytest.raises(BadUpload, match="'Riss' is none of the classes, nor an alias of one"):
        translated(upload, always(""))
    assert translated(upload, ClassList(("Pore",), retired=("Riss",))) == ["Pore"]
    with pytest.raises(BadUpload, match="only of retired classes: Riss, Pore"):
        translated(upload, ClassList(("Dent",), retired=("Riss", "Pore")))
    with pytest.raises(BadUpload, match="Riss and Pore together"):
        translated(upload, ClassList(("Riss", "Pore"), exclusive=True))
    with pytest.raises(BadUpload, match="Riss together with another class"):
        translated(upload, ClassList(("Riss", "Pore"), "Riss"))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*GOOD, "device", "note", "sha256"]), st.text(max_size=40)))
def test_any_metadata_is_read_or_refused_with_a_reason(metadata: dict[str, str]) -> None:
    try:
        upload = parse(NAME, GOOD | metadata, always)
    except BadUpload:
        return
    assert set(upload.labels) <= set(CLASSES)
    assert all(0 <= score <= 1 for score in upload.scores)


@pytest.mark.parametrize("name", ["\u202ekcarC", "Crack\x9b2J", "Cr\u200back", "Crack\x1b[31m", "<b>Crack"])
def test_a_class_whose_name_would_steer_what_shows_it_is_none(name: str) -> None:
    with pytest.raises(BadUpload, match="no class's name"):
        parse(NAME, GOOD | {"classes": f"{name},Porosity", "scores": "0.1,0.9", "labels": "Porosity"}, always)
