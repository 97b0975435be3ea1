"""Labels that a reviewer gives a correction: of the list that the phone had, and not against the project's rules."""

from collections.abc import Sequence

from weldspot.labels import ClassList
from weldspot.runtime.errors import WeldspotError


def checked(chosen: Sequence[str], offered: Sequence[str], classes: ClassList, where: str) -> list[str]:
    """The labels in the order of `offered`, each once.

    Args:
        chosen: As the reviewer names them; any spelling that means one of the offered.
        offered: The list that the correction was labelled with.
        classes: The project's list.
        where: What an error names.

    Raises:
        WeldspotError: there is none, one is not offered, or they contradict each other.
    """
    own = ClassList(tuple(offered))
    names = [own.canonical(name) for name in chosen]
    if not names:
        raise WeldspotError(f"{where}: no labels; reject it instead, or choose some of {', '.join(offered)}")
    for name, given in zip(names, chosen, strict=True):
        if name is None:
            raise WeldspotError(f"{where}: {given!r} is none of {', '.join(offered)}")
    found = own.in_order(name for name in names if name)
    meant = {classes.canonical(name) for name in found} - {None}
    if len(meant) > 1 and (classes.exclusive or classes.background in meant):
        raise WeldspotError(f"{where}: {' and '.join(found)} can't stand together; choose one")
    return found
