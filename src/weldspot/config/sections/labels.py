"""The list of classes, and what a phone says of each."""

import colorsys
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, model_validator

from weldspot.config.sections.base import Section
from weldspot.contracts.manifest import ShownClass
from weldspot.contracts.manifest import Words as ShownWords
from weldspot.labels import ClassList, fold

# no comma, `;` or `|`: uploads and reports separate names with them
CLASS_CHARACTERS, MOST_CLASSES = 60, 100
NAMES_BYTES = 2000  # Cloud Storage takes 8 KiB of metadata an object: names, labels, scores and the welder's note
_LETTER = r"[^\x00-\x1f\x7f,;|<>\s]"
ClassName = Annotated[str, Field(max_length=CLASS_CHARACTERS, pattern=rf"^{_LETTER}+( {_LETTER}+)*$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
# columns that stand beside those of the classes in the tables
_TABLES = "id image labels model taken device uploader note origin classes split group source name embedding total"
RESERVED = frozenset((*_TABLES.split(), "brightness", "contrast", "sharpness", "colourfulness", "noise", "aspect"))


class ClassNames(Section):
    """What the graph computes with: the names in order, which of them means "nothing here", one an image or several."""

    names: Annotated[list[ClassName], Field(min_length=1, max_length=MOST_CLASSES)]
    background: ClassName | None
    exclusive: bool

    def class_list(self) -> ClassList:
        """The list without other spellings."""
        return ClassList(tuple(self.names), self.background, self.exclusive)

    @model_validator(mode="after")
    def _apart(self) -> "ClassNames":
        seen: dict[str, str] = {}
        for name in self.names:
            if fold(name) in seen:
                raise ValueError(f"names has {seen[fold(name)]!r} and {name!r}, which are read as one")
            seen[fold(name)] = name
            if not fold(name) or name.lower() in RESERVED:
                raise ValueError(f"names has {name!r}, which can't be a class's name")
        if len(",".join(self.names).encode()) > NAMES_BYTES:
            raise ValueError(f"names are longer than {NAMES_BYTES} bytes together: an upload has to hold them")
        if self.exclusive and len(self.names) < 2:
            raise ValueError("exclusive: it takes two classes to tell apart")
        _of(self.names, "background", [self.background] if self.background is not None else [])
        return self


class Spellings(ClassNames):
    """What ingest needs besides: `aliases`: spelling, or name of an earlier list → class; colours of the reports.

    `retired`: names of earlier lists that are given up: labels of them are left out, and a model may stop knowing them.
    `background_crops_from`: the classes whose boxes go around the whole object, so that outside them is background.
    """

    aliases: dict[str, str]
    retired: list[str]
    colours: dict[str, Colour]
    background_crops_from: list[str]

    def class_list(self) -> ClassList:
        """The list with other spellings."""
        return ClassList(tuple(self.names), self.background, self.exclusive, self.aliases, tuple(self.retired))

    def palette(self) -> dict[str, str]:
        """A colour for each class, in order; those that the section does not give are spread around the wheel."""
        return {name: self.colours.get(name, _spread(index)) for index, name in enumerate(self.names)}

    @model_validator(mode="after")
    def _of_the_list(self) -> "Spellings":
        _of(self.names, "aliases", self.aliases.values())
        _of(self.names, "colours", self.colours)
        _of([n for n in self.names if n != self.background], "background_crops_from", self.background_crops_from)
        own = {fold(name): name for name in self.names}
        for alias, meant in self.aliases.items():
            if own.get(fold(alias), meant) != meant:
                raise ValueError(
                    f"aliases: {alias!r} is the class {own[fold(alias)]!r} itself, so it can't be {meant!r}"
                )
        for name in self.retired:
            if fold(name) in own or fold(name) in map(fold, self.aliases):
                raise ValueError(f"retired: {name!r} is a class or an alias still")
        return self


class Words(Section):
    """What a phone says of a class in one language; what is left out is the name, or nothing."""

    title: Annotated[str, Field(max_length=80)] = ""
    short: Annotated[str, Field(max_length=24)] = ""
    what: Annotated[str, Field(max_length=400)] = ""
    causes: Annotated[str, Field(max_length=400)] = ""

    def contract(self) -> ShownWords:
        """As the manifest has them."""
        return ShownWords(**self.model_dump())


class Labels(Spellings):
    """The whole section; `good`: the classes that are good news, `phone`: class → language → words."""

    good: list[str]
    phone: dict[str, dict[Language, Words]]

    def shown(self) -> list[ShownClass]:
        """How a phone shows each class, in order."""
        palette = self.palette()
        return [
            ShownClass(
                name=name,
                colour=palette[name],
                good=name in self.good,
                words={language: said.contract() for language, said in self.phone.get(name, {}).items()},
            )
            for name in self.names
        ]

    @model_validator(mode="after")
    def _known(self) -> "Labels":
        _of([n for n in self.names if n != self.background], "good", self.good)
        _of(self.names, "phone", self.phone)
        return self


def _spread(index: int) -> str:
    """Hues by the golden angle: whatever the length of the list, neighbours differ (`#rrggbb`)."""
    red, green, blue = colorsys.hls_to_rgb(0.58 + index * 0.381966 % 1, (0.45, 0.6)[index % 2], 0.6)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def _of(names: list[str], key: str, given: Iterable[str]) -> None:
    for name in given:
        if name not in names:
            raise ValueError(f"{key} names {name!r}, which is none of {', '.join(names)}")
