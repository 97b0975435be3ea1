"""Statements in envelopes: made, signed, and opened again by the keys of trust.json."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from weldspot.contracts.attested import STATEMENT, Resource, Statement
from weldspot.contracts.base import Contract
from weldspot.contracts.served import Envelope, Trust
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import dsse, trust
from weldspot.signing.dsse import Unverified
from weldspot.signing.trust import Signer

KIND = "application/vnd.in-toto+json"


def signed(signer: Signer, kind: str, subject: Sequence[Resource], predicate: Contract) -> bytes:
    """The predicate of this kind about these, in a signed envelope."""
    said = predicate.model_dump(mode="json", exclude_unset=True)
    about = [one.model_dump(mode="json", exclude_unset=True) for one in subject]
    text = {"_type": STATEMENT, "subject": about, "predicateType": kind, "predicate": said}
    statement = Statement.model_validate(text)
    return dsse.sign(signer.private, KIND, statement.json_bytes()).json_bytes()


def opened(data: bytes, known: Trust, where: str) -> tuple[Statement, str]:
    """The statement, and the id of the key of this repository, present or past, that has signed it.

    Raises:
        Unverified: none of them has, or it was changed since.
        Damaged: it is no statement.
    """
    try:
        envelope = Envelope.parse(data, where, "`weldspot attest` writes it anew")
        payload, key = dsse.opened(envelope, KIND, [trust.raw(each.public) for each in trust.keys(known)])
    except Unverified as error:
        raise Unverified(f"{where}: {error}") from error
    return Statement.parse(payload, where, "`weldspot attest` writes it anew"), key


def predicate(statement: Statement, kind: str, contract: type[Contract], where: str) -> Contract:
    """What the statement says, where it is of this kind."""
    if statement.predicateType != kind:
        raise Unverified(f"{where}: it is a statement of another kind ({statement.predicateType[:80]})")
    try:
        return TypeAdapter(contract).validate_python(statement.predicate)
    except ValueError as error:
        raise WeldspotError(f"{where}: its predicate is not as it is written here; `weldspot attest` anew") from error
