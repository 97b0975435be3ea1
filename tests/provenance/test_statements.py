"""Statements: opened by a key of this repository, present or past, and taken for nothing but what they are."""

import json
from pathlib import Path

import pytest
from signers import signer_of, stranger, with_keys

from weldspot.contracts.attested import MODEL, REPRODUCTION, Resource, SignedFolder, Statement
from weldspot.contracts.served import PublicKey
from weldspot.provenance import statements
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged
from weldspot.signing import dsse, keys
from weldspot.signing.dsse import Unverified

ABOUT = [Resource(name="model", digest={"sha256": "ab" * 32})]
SAID = PublicKey(public=f"{'A' * 43}=", expires="2026-01-01T00:00:00Z")  # any contract will do


def test_signed_and_opened_after_a_rotation_too(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    data = statements.signed(signer_of(workspace), REPRODUCTION, ABOUT, SAID)
    first = signer_of(workspace).key
    keys.rotate(workspace, 100, None)
    statement, key = statements.opened(data, signer_of(workspace).trust, "it")
    assert key == dsse.key_id(statements.trust.raw(first.public))
    assert (statement.subject, statement.predicateType) == (ABOUT, REPRODUCTION)
    assert statements.predicate(statement, REPRODUCTION, PublicKey, "it") == SAID
    text = json.loads(dsse.unopened(statements.Envelope.parse(data, "it")))
    assert list(text) == ["_type", "subject", "predicateType", "predicate"]


def test_a_strangers_another_kind_and_what_is_none(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    signer = signer_of(workspace)
    theirs = statements.signed(statements.Signer(stranger(), signer.key, signer.trust), REPRODUCTION, ABOUT, SAID)
    with pytest.raises(Unverified, match=r"^it: key .* none of"):
        statements.opened(theirs, signer.trust, "it")
    release = dsse.sign(signer.private, "application/vnd.weldspot.release+json", b"{}").json_bytes()
    with pytest.raises(Unverified, match=r"^it: it is application/vnd\.weldspot"):
        statements.opened(release, signer.trust, "it")
    nothing = dsse.sign(signer.private, statements.KIND, b"{}").json_bytes()
    for data in (nothing, b"", b"[]"):
        with pytest.raises(Damaged, match=r"^it: damaged"):
            statements.opened(data, signer.trust, "it")
    statement = Statement.model_validate(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "x"}],
            "predicateType": MODEL,
            "predicate": {},
        }
    )
    with pytest.raises(Unverified, match="another kind"):
        statements.predicate(statement, REPRODUCTION, PublicKey, "it")
    with pytest.raises(WeldspotError, match="its predicate is not as it is written here"):
        statements.predicate(statement, MODEL, SignedFolder, "it")
