"""What the phone's tests read as a server's: signed by this code, byte for byte (Ed25519 is deterministic).

`python tests/signing/test_signed_example.py` writes it anew.
"""

import json
import sys
from pathlib import Path

import contract_examples
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from weldspot.contracts.served import PublicKey, Release, ServedManifest, Signed, Succession
from weldspot.signing import dsse, releases, trust

EXAMPLE = Path(__file__).resolve().parents[2] / "client/tests/trust/signed-example.json"
FIRST, NEXT, RECOVERY = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))
AT, END = "2026-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00"


def public(key: Ed25519PrivateKey) -> str:
    return trust.public_key(key, 1).public


def served(key: Ed25519PrivateKey, version: str, counter: int, handed_over: list[dsse.Envelope]) -> ServedManifest:
    manifest = contract_examples.published(version=version)
    said = Release(
        counter=counter, channel="production", signed=AT, expires=END, key=PublicKey(public=public(key), expires=END),
        recovery=public(RECOVERY), manifest=manifest,
    )  # fmt: skip
    envelope = dsse.sign(key, releases.RELEASE, said.json_bytes())
    return ServedManifest.of(manifest, Signed(release=envelope, successions=handed_over))


def example() -> str:
    following = PublicKey(public=public(NEXT), expires=END)
    said = Succession(before=dsse.key_id(dsse.raw(FIRST)), key=following, signed=AT)
    handed_over = dsse.sign(FIRST, trust.SUCCESSION, said.json_bytes())
    both = {"first": served(FIRST, "3", 5, []), "rotated": served(NEXT, "4", 6, [handed_over])}
    text = {name: json.loads(one.json_bytes()) for name, one in both.items()}
    return json.dumps(text, indent=2, ensure_ascii=False) + "\n"


def test_the_phones_example_is_what_this_code_signs() -> None:
    assert json.loads(EXAMPLE.read_text()) == json.loads(example()), "python tests/signing/test_signed_example.py"


if __name__ == "__main__":
    sys.exit(EXAMPLE.write_text(example()) and 0)
