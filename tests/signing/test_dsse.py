"""Envelopes: what is signed is type and bytes, and whoever changes either is found out."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signers import stranger, tampered

from weldspot.contracts.served import Envelope, Signature
from weldspot.signing import dsse
from weldspot.signing.dsse import Unverified

KEY = stranger()
PUBLIC = dsse.raw(KEY)
KIND = "application/vnd.weldspot.release+json"


def test_what_is_signed_is_as_the_protocol_says() -> None:
    # the example of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@given(st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(payload: bytes) -> None:
    envelope = Envelope.model_validate_json(dsse.sign(KEY, KIND, payload or b"{}").json_bytes())
    assert dsse.opened(envelope, KIND, [PUBLIC]) == (payload or b"{}", dsse.key_id(PUBLIC))


def test_changed_bytes_another_type_another_key_and_no_base64_are_refused() -> None:
    envelope = dsse.sign(KEY, KIND, b'{"counter": 7}')
    other = dsse.Ed25519PrivateKey.generate()
    with pytest.raises(Unverified, match="changed since key"):
        dsse.opened(tampered(envelope, b"7", b"8"), KIND, [PUBLIC])
    with pytest.raises(Unverified, match="it is application/vnd"):
        dsse.opened(envelope, "application/json", [PUBLIC])
    retyped = envelope.model_copy(update={"payloadType": "application/json"})
    with pytest.raises(Unverified, match="changed since"):  # a signature of one type is none of another
        dsse.opened(retyped, "application/json", [PUBLIC])
    with pytest.raises(Unverified, match="none of"):
        dsse.opened(envelope, KIND, [dsse.raw(other)])
    under_our_name = dsse.sign(other, KIND, b'{"counter": 9}').signatures[0].sig
    forged = envelope.model_copy(update={"signatures": [Signature(keyid=dsse.key_id(PUBLIC), sig=under_our_name)]})
    with pytest.raises(Unverified, match="changed since"):
        dsse.opened(forged, KIND, [PUBLIC])
    with pytest.raises(Unverified, match="base64"):
        dsse.opened(envelope.model_copy(update={"payload": "abc"}), KIND, [PUBLIC])


def test_another_implementation_signs_the_same() -> None:
    """The bytes of an envelope that was put together by hand."""
    body = b'{"a": 1}'
    text = base64.b64encode(body).decode()
    sig = base64.b64encode(KEY.sign(f"DSSEv1 {len(KIND)} {KIND} {len(body)} ".encode() + body)).decode()
    given = {"payloadType": KIND, "payload": text, "signatures": [{"keyid": dsse.key_id(PUBLIC), "sig": sig}]}
    assert dsse.opened(Envelope.model_validate_json(json.dumps(given)), KIND, [PUBLIC])[0] == body
    assert dsse.unopened(Envelope.model_validate(given)) == body
