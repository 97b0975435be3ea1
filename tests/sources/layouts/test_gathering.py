"""What files say of images, brought together: the same, different things, and of images that are not there."""

from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.members import Members
from weldspot.sources.record import Record, Rejected

MEMBERS = Members(("train/a.jpg", "valid/b.jpg"))


def said(name: str, *labels: str, problem: str = "") -> Said:
    return Said((name,), labels, tuple((label, 1.0, 2.0, 3.0, 4.0) for label in labels), (9.0, 9.0), problem)


def test_parts_are_brought_together() -> None:
    found = gather(MEMBERS, {"1.json": [said("a.jpg", "Crack")], "2.json": [said("b.jpg")]})
    assert list(items(found)) == [
        Record("train/a.jpg", ("Crack",), (("Crack", 1.0, 2.0, 3.0, 4.0),), (9.0, 9.0)),
        Record("valid/b.jpg", (), (), (9.0, 9.0)),
    ]
    assert found.notes == {"train/a.jpg": "1.json", "valid/b.jpg": "2.json"}
    assert found.tables == ("1.json", "2.json")
    assert found.share == 1


def test_the_same_said_twice_is_said_once() -> None:
    one = said("a.jpg", "Crack", "Porosity")
    turned = Said(one.names, one.labels[::-1], one.boxes[::-1], one.frame)
    found = gather(MEMBERS, {"1.json": [one], "2.json": [turned]})
    assert isinstance(found.items["train/a.jpg"], Record)


def test_different_things_are_believed_in_nothing() -> None:
    found = gather(MEMBERS, {"1.json": [said("a.jpg", "Crack")], "2.json": [said("a.jpg", "Porosity")]})
    assert found.items["train/a.jpg"] == Rejected(
        "train/a.jpg", "1.json and 2.json say different things of it; keep one"
    )
    found = gather(MEMBERS, {"1.json": [said("a.jpg", "Crack"), said("a.jpg")]})
    assert "1.json names it twice" in str(found.items["train/a.jpg"])


def test_a_problem_is_the_reason() -> None:
    found = gather(MEMBERS, {"1.json": [said("a.jpg", problem="no good")]})
    assert list(items(found)) == [Rejected("train/a.jpg", "no good")]


def test_what_is_lost_is_named() -> None:
    unnamed = Said((), lost=("1.json: image 7", "listed without a file_name"))
    found = gather(MEMBERS, {"1.json": [said("c.jpg", "Crack"), unnamed]})
    assert found.orphans == {
        "c.jpg": "named in 1.json, but there is no such image",
        "1.json: image 7": "listed without a file_name",
    }
    assert found.notes == {}


def test_each_that_is_lost_is_counted_whatever_it_is_called() -> None:
    images = Members(("a.jpg", "p/b.jpg", "q/b.jpg"))
    files = {f"{part}/x.json": [said("a.jpg"), said("b.jpg"), said("c.jpg")] for part in "pq"}
    found = gather(images, files | {"x.json": [said("a.jpg", "Crack")]})
    assert found.items["a.jpg"].labels == ("Crack",)
    assert sorted(found.orphans) == ["c.jpg", "p/x.json: a.jpg", "q/x.json: a.jpg", "q/x.json: c.jpg"]


def test_an_image_that_could_be_each_of_two_is_neither() -> None:
    found = gather(Members(("p/a.jpg", "q/a.jpg")), {"1.json": [said("a.jpg", "Crack")]})
    assert found.notes == {}
    assert found.doubtful["p/a.jpg"] == "a.jpg in 1.json could be each of p/a.jpg, q/a.jpg; rename one"


def test_who_names_the_folder_goes_before_who_does_not() -> None:
    claims = [said("train/a.jpg", "Crack"), said("elsewhere/x.jpg"), said("other/b.jpg", "Porosity")]
    found = gather(MEMBERS, {"1.json": claims, "2.json": [said("valid/b.jpg", "Crack")]})
    assert {name: item.labels for name, item in found.items.items()} == {
        "train/a.jpg": ("Crack",), "valid/b.jpg": ("Crack",)
    }  # fmt: skip
    assert set(found.orphans) == {"elsewhere/x.jpg", "other/b.jpg"}
