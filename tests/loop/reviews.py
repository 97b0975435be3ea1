"""Decisions of reviewers for tests."""

from weldspot.contracts.reviewed import Decided, Reviewed
from weldspot.loop.review.log import Log, decision

FORMULA = "=HYPERLINK(1)"
HOSTILE = {  # what a sender may write where it may write at all
    "HTML": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "a formula": FORMULA,
    "an escape": "\x1b[2J\x1b]0;owned\x07",
    "a second line": "fine\nweldspot: promoted",
    "right to left": "\u202egpj.dlew\u202c",
}


def decided(log: Log, upload: str, word: Decided = "accept", by: str = "rita", **changes: object) -> Reviewed:
    """A decision that is written down."""
    labels = (["Crack"], {"accept": ["Crack"], "change": ["Porosity"]}.get(word, []))
    made = decision(log, upload, "anna", word, by, labels, "not a weld" if word == "reject" else "")
    made = made.model_copy(update=changes)
    log.add([made])
    return made
