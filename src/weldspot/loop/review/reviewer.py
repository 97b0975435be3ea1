"""Who reviews: a name that can stand in a file and on a page."""

from weldspot.contracts.reviewed import REVIEWER_CHARACTERS
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.plain import plain


def named(name: str) -> str:
    """The name without what is around it; raises WeldspotError when it is none."""
    found = name.strip()
    if not 1 <= len(found) <= REVIEWER_CHARACTERS or plain(found) != found:
        raise WeldspotError(
            f"{plain(name)[:80]!r}: no name of a reviewer; give 1 to {REVIEWER_CHARACTERS} visible letters"
        )
    return found
