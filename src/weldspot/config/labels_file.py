"""conf/labels/<name>.yaml for photographs that nobody has listed the classes of yet: proposed, to be looked at."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from weldspot.config.sections.labels import CLASS_CHARACTERS, MOST_CLASSES, RESERVED
from weldspot.config.yaml_text import on_one_line
from weldspot.labels import fold
from weldspot.runtime.errors import WeldspotError

_NOTHING = ("background", "backgrounds", "nothing", "none", "empty", "noobject", "negative")
_IGNORED = ("ignore", "ignored", "dontcare")  # LabelMe's `__ignore__`
_GOOD = re.compile(r"(good|perfect|intact|no ?defect|defect ?free|(ok|okay|pass|passed|normal|healthy)(?![^\W\d_]))")
_ALIKE = 0.82  # of the letters of a word: `bridge` and `brigde`, not `short` and `shirt`
_LONGER = 2  # letters that a misspelt word has more: `with` and `without` mean different things


@dataclass(frozen=True)
class Proposal:
    """A list for an export: names by how often they are there, and what is proposed to mean one of them."""

    names: list[str]
    background: str | None
    good: list[str]
    exclusive: bool
    aliases: dict[str, str]
    retired: list[str]
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
    retired = [name for name in names if fold(name) in _IGNORED] if len(names) > 1 else []
    names = [name for name in names if name not in retired]
    retired += [alias for alias, name in aliases.items() if name in retired]
    aliases = {alias: name for alias, name in aliases.items() if name in names}
    background = next((name for name in names if fold(name) in _NOTHING), None)
    good = [name for name in names if name != background and _GOOD.match(" ".join(_words(name)))]
    return Proposal(names, background, good, single and len(names) > 1, aliases, retired, dict(images))


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
        if key == theirs or plural or _misspelt(_words(name), _words(other)):
            return other
    return None


def _words(name: str) -> list[str]:
    """`not_fullySoldered` → not, fully, soldered."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    return re.split(r"[\s_\-]+", apart.casefold().strip(" _-"))


def _misspelt(words: list[str], others: list[str]) -> bool:
    """Whether the same words stand in both, some spelled a little otherwise.

    A word more is another meaning (`not soldered`), and so are letters before a word (`nohelmet`, `incomplete`),
    another first or last letter (`defecta`, `defectb`) and another number.
    """
    if len(words) != len(others):
        return False
    return all(ours == theirs or _typo(ours, theirs) for ours, theirs in zip(words, others, strict=True))


def _typo(ours: str, theirs: str) -> bool:
    short, long = sorted((ours, theirs), key=len)
    if len(short) < 5 or len(long) - len(short) > _LONGER or short[0] != long[0] or long.endswith(short):
        return False
    if short[:-1] == long[:-1] or re.sub(r"\D", "", short) != re.sub(r"\D", "", long):
        return False
    return SequenceMatcher(None, short, long).ratio() >= _ALIKE


def text(proposal: Proposal, source: str) -> str:
    """The file, with counts and what is to be looked at."""
    lines = [
        f"# The classes of {source}, as `weldspot labels` found them: look, correct, keep (docs/labels.md).",
        "# What is proposed and not said by the export: background, good, exclusive, aliases, retired.",
        "names:",
        *(f"  - {on_one_line(name)}{_count(proposal, name)}" for name in proposal.names),
        f'background: {on_one_line(proposal.background)}  # the class that means "nothing here"; null where none does',
        f"exclusive: {on_one_line(proposal.exclusive)}  # true: an image shows exactly one of them",
        f"good: {on_one_line(proposal.good)}  # the classes that are good news",
        "background_crops_from: []  # the classes whose boxes go around the whole object: beside it is background",
        *_aliases(proposal),
        f"retired: {on_one_line(proposal.retired)}  # names whose labels are left out, such as those of earlier lists",
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
    return f"  # on {count} image{'s' * (count != 1)}" if count else ""


def said(proposal: Proposal, layout: str, annotated: int, empty: int, unusable: Mapping[str, str]) -> str:
    """A line for each class, as the screen has it: images, and what other spellings are taken for it.

    Args:
        proposal: The list.
        layout: Which the export was read as.
        annotated: Images with annotations.
        empty: Those of them that have no object.
        unusable: Why, by file.
    """
    wide = max(len(name) for name in proposal.names)
    lines = [f"labels: {annotated} annotated image{'s' * (annotated != 1)} ({layout})"]
    if empty:
        what = f"{proposal.background!r}" if proposal.background else "the class that `background` names"
        lines.append(f"labels: {empty} of them with nothing: quarantined, or {what} if ingest.unannotated=background")
    if unusable:
        name, why = next(iter(unusable.items()))
        lines.append(f"labels: {len(unusable)} can't be used ({name}: {why})")
    for name in proposal.names:
        also = [f"{alias!r} on {proposal.images[alias]}" for alias, meant in proposal.aliases.items() if meant == name]
        alike = f"  also {', '.join(also)}" if also else ""
        role = "  nothing here" if name == proposal.background else "  good news" if name in proposal.good else ""
        lines.append(f"  {name:<{wide}}  {proposal.images.get(name, 0):>6}{role}{alike}")
    lines += [f"labels: {name!r} is left out, on {proposal.images.get(name, 0)}: retired" for name in proposal.retired]
    return "\n".join(lines)
