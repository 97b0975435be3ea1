"""conf/labels/<name>.yaml for photographs that nobody has listed the classes of yet: proposed, to be looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from weldspot.config.sections.labels import CLASS_CHARACTERS, MOST_CLASSES, RESERVED
from weldspot.config.yaml_text import on_one_line
from weldspot.labels import fold
from weldspot.runtime.errors import WeldspotError

_NOTHING = ("background", "backgrounds", "nothing", "none", "empty", "noobject", "negative")
_GOOD = re.compile(r"^(good|ok|okay|pass|passed|perfect|normal|intact|nodefect|defectfree)")
_ALIKE = 0.84  # of letters: `crater` and `craters`, not `pore` and `bore`


@dataclass(frozen=True)
class Proposal:
    """A list for an export: names by how often they are there, and what is proposed to mean one of them."""

    names: list[str]
    background: str | None
    good: list[str]
    exclusive: bool
    aliases: dict[str, str]
    images: dict[str, int]


def propose(images: Mapping[str, int], single: bool) -> Proposal:
    """A list from the names of an export.

    Args:
        images: Name as the vendor spells it → images that show it.
        single: Whether each image shows exactly one.

    Raises:
        WeldspotError: there are more names than a list may have.
    """
    spelled = sorted(images, key=lambda name: (-images[name], name))
    names: list[str] = []
    aliases: dict[str, str] = {}
    for given in spelled:
        name = _tidied(given)
        if meant := _meant(name, names):
            if fold(name) != fold(meant):
                aliases[given] = meant
            continue
        names.append(name)
        if fold(given) != fold(name):
            aliases[given] = name
    if len(names) > MOST_CLASSES:
        raise WeldspotError(
            f"--from: {len(names)} classes ({', '.join(names[:5])}, …), at most {MOST_CLASSES} make a list; are they "
            "names of files? Name the folder that the export begins in"
        )
    background = next((name for name in names if fold(name) in _NOTHING), None)
    good = [name for name in names if name != background and _GOOD.match(fold(name))]
    return Proposal(names, background, good, single and len(names) > 1, aliases, dict(images))


def _tidied(name: str) -> str:
    """The name without what a class's may not have."""
    clean = " ".join(re.sub(r"[\x00-\x1f\x7f,;|<>]+", " ", name).split())[:CLASS_CHARACTERS].strip()
    if not fold(clean) or clean.lower() in RESERVED:
        clean = f"class {clean}".strip()
    return clean


def _meant(name: str, names: list[str]) -> str | None:
    """The commoner name that this one is another spelling of, as far as letters tell."""
    key = fold(name)
    for other in names:
        theirs = fold(other)
        plural = {key, theirs} == {min(key, theirs, key=len), f"{min(key, theirs, key=len)}s"}
        if key == theirs or plural:
            return other
        numbered = re.sub(r"\D", "", key) != re.sub(r"\D", "", theirs)
        if not numbered and min(len(key), len(theirs)) > 4 and SequenceMatcher(None, key, theirs).ratio() >= _ALIKE:
            return other
    return None


def text(proposal: Proposal, source: str) -> str:
    """The file, with counts and what is to be looked at."""
    lines = [
        f"# The classes of {source}, as `weldspot labels` found them: look, correct, keep (docs/labels.md).",
        "# What is proposed and not said by the export: background, good, exclusive, aliases.",
        "names:",
        *(f"  - {on_one_line(name)}{_count(proposal, name)}" for name in proposal.names),
        f'background: {on_one_line(proposal.background)}  # the class that means "nothing here"; null where none does',
        f"exclusive: {on_one_line(proposal.exclusive)}  # true: an image shows exactly one of them",
        f"good: {on_one_line(proposal.good)}  # the classes that are good news",
        "background_crops_from: []  # the classes whose boxes go around the whole object: beside it is background",
        *_aliases(proposal),
        "retired: []  # names of earlier lists that were given up",
        'colours: {}  # Crack: "#e45756"; the others are chosen',
        "phone: {}  # what the app says of each; see conf/labels/weld.yaml",
    ]
    return "\n".join(lines) + "\n"


def _aliases(proposal: Proposal) -> list[str]:
    if not proposal.aliases:
        return ["aliases: {}  # other spellings: each with the class that it means"]
    said = (
        f"  {on_one_line(alias)}: {on_one_line(name)}{_count(proposal, alias)}"
        for alias, name in proposal.aliases.items()
    )
    return ["aliases:  # other spellings, by their letters: is each the class that it stands at?", *said]


def _count(proposal: Proposal, name: str) -> str:
    count = proposal.images.get(name, 0)
    return f"  # on {count} images" if count else ""


def said(proposal: Proposal, layout: str, annotated: int, unusable: int) -> str:
    """A line for each class, as the screen has it: images, and what other spellings are taken for it."""
    wide = max(len(name) for name in proposal.names)
    lines = [f"labels: {annotated} annotated images ({layout})" + (f", {unusable} can't be used" if unusable else "")]
    for name in proposal.names:
        also = [f"{alias!r} on {proposal.images[alias]}" for alias, meant in proposal.aliases.items() if meant == name]
        alike = f"  also {', '.join(also)}" if also else ""
        role = "  nothing here" if name == proposal.background else "  good news" if name in proposal.good else ""
        lines.append(f"  {name:<{wide}}  {proposal.images.get(name, 0):>6}{role}{alike}")
    return "\n".join(lines)
