"""What a manifest may say, and how export's becomes the phones'."""

import contract_examples
import pytest
from pydantic import ValidationError

from weldspot.contracts import limits
from weldspot.contracts.manifest import PublishedManifest


def test_the_published_one_says_where_the_file_lies_and_since_when() -> None:
    exported = contract_examples.manifest()
    published = exported.as_published("7")
    assert published.file == f"models/{exported.sha256}.tflite"
    assert (published.version, published.stage) == ("7", "production")
    assert list(published.model_dump())[: len(exported.model_dump())] == list(exported.model_dump())
    assert published.labels == exported.labels


def test_two_that_differ_in_their_time_alone_are_the_same() -> None:
    one = contract_examples.published(published="2026-01-01T00:00:00+00:00")
    assert one.same_but_for_the_time(contract_examples.published(published="2026-02-01T00:00:00+00:00"))
    assert not one.same_but_for_the_time(contract_examples.published(version="other"))
    assert not one.same_but_for_the_time(None)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sha256", "AB" * 32),
        ("file", "../../etc/passwd.tflite"),
        ("file", "https://elsewhere/model.tflite"),
        ("bytes", 0),
        ("bytes", limits.MODEL_BYTES + 1),
        ("labels", []),
        ("thresholds", {"Crack": 1.5}),
        ("stage", "testing"),
    ],
)
def test_what_no_phone_should_be_told_is_refused(key: str, value: object) -> None:
    data = contract_examples.published().model_dump()
    with pytest.raises(ValidationError, match=key):
        PublishedManifest.model_validate(data | {key: value})
