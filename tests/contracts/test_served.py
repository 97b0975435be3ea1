"""The manifest as it is served: readers that know no signatures find the same in it as before."""

import contract_examples
import pytest
from pydantic import ValidationError

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import Envelope, ServedManifest, Signature, Signed

ENVELOPE = Envelope(payloadType="x", payload="e30=", signatures=[Signature(keyid="ab" * 32, sig="YQ==")])


def test_unsigned_it_is_the_bytes_that_it_was() -> None:
    published = contract_examples.published()
    served = ServedManifest.of(published)
    assert served.json_bytes() == published.json_bytes()
    assert ServedManifest.of(served) is served


def test_signed_it_is_read_by_who_knows_no_signatures() -> None:
    published = contract_examples.published()
    served = ServedManifest.of(published, Signed(release=ENVELOPE))
    assert PublishedManifest.parse(served.json_bytes(), "") == published
    assert ServedManifest.parse(served.json_bytes(), "") == served
    assert ServedManifest.of(served, Signed(release=ENVELOPE, successions=[ENVELOPE])) != served


@pytest.mark.parametrize("changes", [{"payload": "not base64!"}, {"signatures": []}, {"payload": "a_b-"}])
def test_an_envelope_that_is_none_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate(ENVELOPE.model_dump() | changes)
