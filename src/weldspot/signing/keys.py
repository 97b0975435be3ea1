"""weldspot keys: a key is made, shown, and handed over to the next."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from weldspot.contracts.served import Trust
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, private_key, trust

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_COMMIT = "`git add trust.json && git commit`, so that every clone knows it"


def make(workspace: "Workspace", days: int, anew: bool) -> None:
    """A key, its recovery key, and trust.json.

    `anew`: in place of a lost one that nothing hands over any more. Phones that know that one take in nothing of the
    new one before they are given an app that was built with it.

    Raises:
        WeldspotError: there is one already.
    """
    with locks.exclusive(workspace.lock("keys")):
        if workspace.trust.exists() and not anew:
            raise WeldspotError(
                "trust.json: this repository has a key; `weldspot keys rotate` makes the next, "
                "`weldspot keys make --anew` begins again where key and recovery key are lost (docs/signing.md)"
            )
        if anew:
            _refuse_environment(workspace)
            for path in (workspace.signing_key, workspace.recovery_key, _next(workspace)):
                _put_aside(path)
        key = private_key.load(workspace) or _key(workspace.signing_key)  # killed before: the one that it has made
        recovery = _there_or_made(workspace.recovery_key)
        made = trust.public_key(key, days)
        trust.write(workspace, Trust(root=made, recovery=trust.public_key(recovery, days).public))
    print(f"keys: {_id(made.public)} signs until {made.expires[:10]}")
    print(f"keys: its private half is in {workspace.signing_key}: keep a copy of it in a safe place")
    print(f"keys: next: {_COMMIT}")
    print(
        f"keys: next: move {workspace.recovery_key} to where neither a thief nor a broken disk gets both: it makes the "
        "next key where this one is lost"
    )


def rotate(workspace: "Workspace", days: int, recovery: Path | None) -> None:
    """The next key, which the one before hands over to; `recovery`: the file of the recovery key, where that is lost.

    Raises:
        WeldspotError: there is no key to hand over from.
    """
    with locks.exclusive(workspace.lock("keys")):
        known = trust.read(workspace)
        if known is None:
            raise WeldspotError("trust.json: not here, so there is no key to rotate; `weldspot keys make` makes one")
        _refuse_environment(workspace)
        every = trust.keys(known)
        new = private_key.read(_next(workspace)) if _next(workspace).is_file() else None
        if new is not None and dsse.raw(new) == trust.raw(every[-1].public):  # killed after trust.json was written
            before, made = every[-2], every[-1]
        else:
            old, before = _signs(workspace, known, recovery), every[-1]
            made = trust.public_key(new or _key(_next(workspace)), days)
            envelope = trust.succession(old, before, made)
            trust.write(workspace, known.model_copy(update={"successions": [*known.successions, envelope]}))
        _put_aside(workspace.signing_key)
        _next(workspace).rename(workspace.signing_key)
    print(f"keys: {_id(made.public)} signs until {made.expires[:10]}, in place of {_id(before.public)}")
    print(f"keys: next: {_COMMIT}; `weldspot publish`: phones learn the new key with the next manifest that they read")


def show(workspace: "Workspace") -> None:
    """Which keys there were, which one signs, and whether it is here. Nothing of a private half."""
    known = trust.read(workspace)
    if known is None:
        print("keys: none; what is published is not signed. `weldspot keys make` makes one")
        return
    every = trust.keys(known)
    for key in every[:-1]:
        print(f"keys: {_id(key.public)} signed once, and has handed over")
    now = every[-1]
    ended = "; expired: `weldspot keys rotate`" if trust.expired(now) else ""
    print(f"keys: {_id(now.public)} signs until {now.expires[:10]}{ended}")
    print(f"keys: {_id(known.recovery)} hands over where that one is lost")
    private = private_key.load(workspace)
    if private is None:
        print("keys: its private half is not here: this clone can't publish")
    elif dsse.raw(private) != trust.raw(now.public):
        print(f"keys: the private half here is another's ({dsse.key_id(dsse.raw(private))[:16]}…): it can't publish")
    else:
        print("keys: its private half is here")
    if workspace.recovery_key.exists():
        print(f"keys: the recovery key is here too, in {workspace.recovery_key}: move it elsewhere")


def _signs(workspace: "Workspace", known: Trust, recovery: Path | None) -> Ed25519PrivateKey:
    """The key that hands over."""
    before = trust.keys(known)[-1]
    if recovery is not None:
        if not recovery.is_file():
            raise WeldspotError(
                f"{recovery}: no such file; name the recovery key that `weldspot keys make` has written"
            )
        key, wanted = private_key.read(recovery), known.recovery
    else:
        found = private_key.load(workspace)
        if found is None:
            raise WeldspotError(
                f"{workspace.signing_key}: not here; is it lost? `weldspot keys rotate --recovery FILE` hands over "
                "with the recovery key (docs/signing.md)"
            )
        key, wanted = found, before.public
    if dsse.raw(key) != trust.raw(wanted):
        raise WeldspotError(f"this key is {dsse.key_id(dsse.raw(key))[:16]}…, trust.json wants {_id(wanted)}")
    return key


def _refuse_environment(workspace: "Workspace") -> None:
    settings = workspace.settings
    if settings.weldspot_signing_key.get_secret_value() or settings.weldspot_signing_key_file:
        raise WeldspotError(
            f"the signing key comes from the environment; put it at {workspace.signing_key} (mode 600) and unset "
            "WELDSPOT_SIGNING_KEY and WELDSPOT_SIGNING_KEY_FILE, so that the next one can lie in its place"
        )


def _next(workspace: "Workspace") -> Path:
    """A key that is about to take the other's place."""
    return workspace.signing_key.with_name("next.pem")


def _there_or_made(path: Path) -> Ed25519PrivateKey:
    return private_key.read(path) if path.is_file() else _key(path)


def _key(path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    private_key.write(path, key)
    return key


def _put_aside(path: Path) -> None:
    """A key that signs no more is kept: nothing is lost by a mistake."""
    if path.exists():
        path.rename(path.with_name(f"{path.stem}-until-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.pem"))


def _id(public: str) -> str:
    return f"{dsse.key_id(trust.raw(public))[:16]}…"
