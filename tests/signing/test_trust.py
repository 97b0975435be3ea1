"""trust.json: which key signs, and that each came from the one before it."""

import json
from pathlib import Path

import pytest
from signers import signer_of, stranger, tampered, with_keys

from weldspot.contracts.served import Trust
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged
from weldspot.signing import dsse, keys, private_key, trust
from weldspot.workspace import Workspace


def known(workspace: Workspace) -> Trust:
    found = trust.read(workspace)
    assert found is not None
    return found


def test_without_a_key_nobody_signs(tmp_path: Path) -> None:
    assert trust.signer(Workspace(tmp_path)) is None


def test_a_key_without_trust_trust_without_a_key_and_the_wrong_one(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    assert signer_of(workspace).key == trust.keys(known(workspace))[-1]
    text = workspace.trust.read_text()
    workspace.trust.unlink()
    with pytest.raises(WeldspotError, match=r"no trust\.json"):
        trust.signer(workspace)
    workspace.trust.write_text(text)
    workspace.signing_key.unlink()
    with pytest.raises(WeldspotError, match=r"there is no key here: set WELDSPOT_SIGNING_KEY"):
        trust.signer(workspace)
    private_key.write(workspace.signing_key, stranger())
    with pytest.raises(WeldspotError, match=r"trust\.json says"):
        trust.signer(workspace)


def test_a_key_that_has_expired_signs_nothing(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    before = known(workspace)
    past = before.root.model_copy(update={"expires": "2020-01-01T00:00:00+00:00"})
    trust.write(workspace, before.model_copy(update={"root": past}))
    with pytest.raises(WeldspotError, match="expired on 2020-01-01; `weldspot keys rotate`"):
        trust.signer(workspace)
    keys.rotate(workspace, 10, None)
    assert signer_of(workspace).key.expires > "2026"


def test_a_succession_that_nobody_entitled_has_signed_is_damage(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    first = known(workspace)
    thief = stranger()
    theirs = trust.public_key(thief, 100)
    for envelope, why in [
        (trust.succession(thief, first.root, theirs), "none of"),
        (trust.succession(private_key.read(workspace.signing_key), theirs, theirs), "after another key"),
        (
            tampered(
                trust.succession(private_key.read(workspace.signing_key), first.root, theirs),
                theirs.public.encode(),
                first.recovery.encode(),
            ),
            "changed since",
        ),
    ]:
        with pytest.raises(Damaged, match=why):
            trust.keys(first.model_copy(update={"successions": [envelope]}))
    keys.rotate(workspace, 100, None)
    handed_over = private_key.read(next(workspace.signing_key.parent.glob("key-until-*.pem")))
    again = trust.succession(handed_over, first.root, theirs)  # of a key that signs no more
    with pytest.raises(Damaged, match="none of"):
        trust.keys(known(workspace).model_copy(update={"successions": [*known(workspace).successions, again]}))


def test_a_damaged_file_is_one_line_with_its_cure(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    whole = workspace.trust.read_bytes()
    for data in (b"", whole[: len(whole) // 2], b"[]", b"{}", b"null", bytes(range(256)), b'{"root": 3}'):
        workspace.trust.write_bytes(data)
        with pytest.raises(Damaged, match=r"trust\.json: damaged .*git checkout trust\.json"):
            trust.signer(workspace)


def test_it_holds_nothing_private(tmp_path: Path) -> None:
    workspace = with_keys(tmp_path)
    line = workspace.signing_key.read_text().splitlines()[1]
    text = workspace.trust.read_text()
    assert line not in text
    assert dsse.key_id(trust.raw(json.loads(text)["root"]["public"])) == dsse.key_id(
        dsse.raw(signer_of(workspace).private)
    )
