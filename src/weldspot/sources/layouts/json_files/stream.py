"""JSON of any size, one element after the other: an array's elements, or those of the arrays in an object.

`{"images": [a, b], "info": c}` gives ("images", a), ("images", b), ("info", c); `[a, b]` gives ("", a), ("", b). The
element that is being read is all that is in memory.
"""

import json
import re
from collections.abc import Iterable, Iterator

_SPACE = re.compile(r"[ \t\n\r]*")
_LARGEST = 1 << 26  # letters of one element: a photograph may be embedded in it
_MOST_VALUES = 2_000_000  # in one element
_BREAK = 16  # letters that a word or an escape has at most
_SCALAR = re.compile(r"[-+.\w]+\Z")  # a number at the end of a piece, `10.`, may go on in the next one


class Broken(ValueError):
    """Why it can't be read as JSON."""


def elements(pieces: Iterable[str], most: int) -> Iterator[tuple[str, object]]:
    """The elements with the key of the array that they stand in; of an empty array in an object, the array itself.

    Raises:
        Broken: it is no JSON, cut short, nested too deeply, names a key twice, or has more than `most` elements.
    """
    for count, element in enumerate(_elements(_Text(pieces))):
        if count >= most:
            raise Broken(f"more than {most} elements, ten thousand and a thousand for each of the export's files")
        yield element


def _elements(text: "_Text") -> Iterator[tuple[str, object]]:
    opening = text.next()
    if opening == "[":
        yield from (("", item) for item in text.array())
    elif opening == "{":
        seen: set[str] = set()
        while True:
            if not seen and text.peek() == "}":
                text.next()
                break
            key = text.value()
            if not isinstance(key, str) or text.next() != ":":
                raise Broken(f"not JSON at character {text.place}")
            if key in seen:
                raise Broken(f"the key {key[:60]!r} stands twice")
            seen.add(key)
            if text.peek() == "[":
                text.next()
                if text.peek() == "]":
                    yield key, []
                yield from ((key, item) for item in text.array())
            else:
                yield key, text.value()
            if text.comma_or("}"):
                break
    else:
        raise Broken("neither an array nor an object" if opening else "empty")
    if text.peek():
        raise Broken(f"more than one value, the second at character {text.place}")


class _Text:
    """What is left of the text: the piece in memory, and those that come after."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._now = ""
        self._at = 0
        self._before = 0
        self._decode = json.JSONDecoder(object_pairs_hook=_once).raw_decode

    @property
    def place(self) -> int:
        return self._before + self._at

    def peek(self) -> str:
        """The next letter that is no space, "" at the end."""
        while True:
            found = _SPACE.match(self._now, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._now):
                return self._now[self._at]
            if not self._more(1):
                return ""

    def next(self) -> str:
        letter = self.peek()
        self._at += 1
        return letter

    def comma_or(self, end: str) -> bool:
        """Whether the array or object ends here; else a comma has been passed."""
        letter = self.next()
        if letter not in (",", end) or not letter:
            raise Broken(f"not JSON at character {self.place}" if letter else "cut short, or not JSON at its end")
        return letter == end

    def array(self) -> Iterator[object]:
        if self.peek() == "]":
            self.next()
            return
        while True:
            yield self.value()
            if self.comma_or("]"):
                return

    def value(self) -> object:
        """The value that begins here; more is read until it is whole."""
        self.peek()
        wanted = 1 << 16
        while True:
            try:
                value, end = self._decode(self._now, self._at)
                if not _SCALAR.match(self._now, end - 1) or not self._more(1):
                    self._at = end
                    return value
            except RecursionError:
                raise Broken("nested too deeply") from None
            except Broken:
                raise
            except json.JSONDecodeError as error:
                # what breaks off near the end of the piece may go on in the next one
                if error.pos < len(self._now) - _BREAK and "Unterminated" not in error.msg:
                    raise Broken(f"not JSON at character {self._before + error.pos}") from None
                if not self._more(wanted):
                    raise Broken("cut short, or not JSON at its end") from None
                wanted *= 2
                self._weigh()
            except ValueError as error:  # a number of thousands of digits
                raise Broken(str(error)[:80]) from None

    def _weigh(self) -> None:
        """Raises Broken where the value that begins here, and is not whole yet, is too large already."""
        if len(self._now) - self._at > _LARGEST:
            raise Broken(f"one element has more than {_LARGEST} letters")
        if sum(self._now.count(mark, self._at) for mark in ",[{") > _MOST_VALUES:
            raise Broken(f"one element has more than {_MOST_VALUES} values")

    def _more(self, length: int) -> bool:
        """Reads at least so many letters more; False where there are none."""
        found = []
        for piece in self._pieces:
            found.append(piece)
            length -= len(piece)
            if length <= 0:
                break
        if not any(found):
            return False
        self._before += self._at
        self._now, self._at = self._now[self._at :] + "".join(found), 0
        return True


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A key that stands twice is an error: the last one would win without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Broken(f"the key {twice[:60]!r} stands twice")
    return found
