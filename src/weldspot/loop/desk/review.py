"""weldspot review: the desk in a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.reviewed import Decided, Reviewed
from weldspot.loop.desk.cards import Card
from weldspot.loop.desk.desk import Desk, from_table, to_table
from weldspot.loop.feedback import inbox
from weldspot.loop.review.policy import SENTENCES
from weldspot.loop.review.reviewer import named
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.plain import plain

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_SHOWN = 20


def show(workspace: "Workspace") -> None:
    """Prints how many wait, and the most informative of them."""
    desk = _measured(workspace)
    left = desk.cards()
    held = desk.log.last()
    decided = sum(one.key in held for one in desk.waiting())
    print(f"review: {sum(1 + len(card.copies) for card in left)} corrections wait for a decision, {decided} have one")
    print(f"review: {SENTENCES[desk.params.loop.admit]}")
    for card in left[:_SHOWN]:
        print(_line(card))
    if len(left) > _SHOWN:
        print(f"review: and {len(left) - _SHOWN} more; all of them: `weldspot review --to FILE.csv`")
    if left:
        print("review: next: /review of `weldspot serve`, or `weldspot review UPLOAD --accept --by NAME`")


def measure(workspace: "Workspace") -> None:
    """Asks the production model about what waits, where it has not been asked yet."""
    _measured(workspace)


def decide(workspace: "Workspace", key: str, word: Decided, by: str, labels: list[str], reason: str) -> None:
    """Writes down one decision, and says what it was on."""
    _said(workspace, Desk(workspace).decide(key, word, named(by), labels, reason))


def write(workspace: "Workspace", path: Path) -> None:
    """Writes all that wait for a decision into a table."""
    desk = _measured(workspace)
    atomic.write_bytes(path, to_table(desk).encode())
    print(f"review: {path}: write accept, change, reject or undo into `decision`, then `weldspot review --from {path}`")


def read(workspace: "Workspace", path: Path, by: str) -> None:
    """Writes down the decisions of a table."""
    _said(workspace, from_table(Desk(workspace), path, named(by)))


def _measured(workspace: "Workspace") -> Desk:
    """The desk, its corrections measured; where they can't be, it says why and shows what the phones said."""
    desk = Desk(workspace)
    if desk.unmeasured():
        try:
            desk.measure()
        except WeldspotError as error:
            print(f"review: not asked of the production model: {error.line()}")
    return desk


def _said(workspace: "Workspace", made: list[Reviewed]) -> None:
    inbox.track(workspace)
    for one in made[:_SHOWN]:
        after = f" → {', '.join(map(plain, one.after))}" if one.decision == "change" else ""
        print(f"review: {one.decision}: {plain(one.upload)}{after}")
    print(f"review: {len(made)} decision(s) written down; next: `weldspot gate` admits what drift lets in")


def _line(card: Card) -> str:
    one = card.one
    scores = sorted(card.scores.items(), key=lambda item: -item[1])[:2]
    says = ", ".join(f"{plain(name)} {score:.2f}" for name, score in scores) or "nothing"
    more = f"; and {len(card.copies)} near-copies" if card.copies else ""
    note = f"; note: {plain(one.note)[:80]}" if one.note else ""
    agreement = card.record.agreement
    known = "nobody has reviewed" if agreement is None else f"agreement {agreement:.0%} of {card.record.reviewed} with"
    return (
        f"  {plain(one.key)}\n    welder: {', '.join(map(plain, one.labels))}; "
        f"{'model' if card.measured else 'phone'}: {says}; {known} {plain(one.uploader) or 'nobody'}{more}{note}"
    )
