"""How far the work is: a bar on a terminal; elsewhere, where a bar would fill the log, a number to ask for."""

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import Any

from tqdm import tqdm

_under_way: list["Progress"] = []


class Progress(tqdm):  # type: ignore[type-arg]  # its items are those of the iterable, or none
    """tqdm on stderr, which counts also where it draws nothing."""

    def __init__(
        self, iterable: Iterable[Any] | None = None, *, desc: str, unit: str, total: int | None = None, **options: Any
    ) -> None:
        whole = total if total is not None else len(iterable) if isinstance(iterable, Sized) else None
        self.title, self.whole, self.counted = desc, whole, unit  # where nothing is drawn tqdm keeps none of these
        self.done = int(options.get("initial", 0))
        _under_way.append(self)
        super().__init__(iterable, desc=desc, unit=unit, total=total, file=sys.stderr, disable=None, **options)

    def __iter__(self) -> Iterator[Any]:
        try:
            for item in super().__iter__():
                yield item
                self.done += 1
        finally:
            self.close()

    def update(self, n: float | None = 1) -> bool | None:
        """Counts n more as done."""
        self.done += int(n or 0)
        return super().update(n)

    def close(self) -> None:
        """The work is done."""
        _under_way[:] = [one for one in _under_way if one is not self]  # two bars are equal when they are as far
        super().close()


def told() -> str:
    """The innermost work under way, "train: epoch 1/2, 30 of 52 batch"; "" where none is counted."""
    if not _under_way:
        return ""
    bar = _under_way[-1]
    total = f" of {bar.whole}" if bar.whole else ""
    return f"{bar.title}, {bar.done}{total} {bar.counted}"
