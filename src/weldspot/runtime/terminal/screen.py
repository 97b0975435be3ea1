"""What a command writes to its terminal or log: no secret passes; without a terminal it is never silent for long."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from weldspot.runtime.terminal import progress

SILENCE_S = 9.0  # a line at least every ten seconds


class _Guarded:
    """A text stream that redacts what is written to it, and knows when that was."""

    def __init__(self, stream: TextIO, screen: "_Screen") -> None:
        self._stream, self._screen = stream, screen

    def write(self, text: str) -> int:
        self._screen.last = time.monotonic()
        self._stream.write(self._screen.redacted(text) if self._screen.redacting else text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class _Screen:
    def __init__(self, redacted: Callable[[str], str]) -> None:
        self.redacted = redacted
        self.redacting = True
        self.last = time.monotonic()
        self.silent = False  # another process writes meanwhile


_current: list[_Screen] = []


def title(arguments: list[str]) -> str:
    """The verb of a command line, or the stage that it runs."""
    words = arguments[2:] if arguments[:1] == ["-C"] else arguments
    return words[1] if words[:1] == ["run"] and len(words) > 1 else words[0] if words else "weldspot"


@contextmanager
def guarded(redacted: Callable[[str], str], title: str) -> Iterator[None]:
    """stdout and stderr inside; without a terminal, `title` tells on stderr that the work goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no arrow, a name that is no UTF-8
    out, err = sys.stdout, sys.stderr
    screen, ended = _Screen(redacted), threading.Event()
    _current.append(screen)
    sys.stdout, sys.stderr = (cast(TextIO, _Guarded(stream, screen)) for stream in (out, err))
    teller = threading.Thread(target=_tell, args=(screen, ended, title, err), daemon=True)
    if not err.isatty():
        teller.start()
    try:
        yield
    finally:
        ended.set()
        if teller.is_alive():
            teller.join(1)
        sys.stdout, sys.stderr = out, err
        _current.remove(screen)


@contextmanager
def as_it_is() -> Iterator[None]:
    """What is written inside is meant to be read whole: an address with its token."""
    with _changed("redacting", False):
        yield


@contextmanager
def left_to_another() -> Iterator[None]:
    """Another process writes to the screen inside: this one's silence means nothing."""
    with _changed("silent", True):
        yield


@contextmanager
def _changed(name: str, value: object) -> Iterator[None]:
    screens = list(_current)
    before = [getattr(screen, name) for screen in screens]
    for screen in screens:
        setattr(screen, name, value)
    try:
        yield
    finally:
        for screen, was in zip(screens, before, strict=True):
            setattr(screen, name, was)
            screen.last = time.monotonic()


@contextmanager
def _own(stream: TextIO) -> Iterator[TextIO]:
    """The same file by a handle of its own: TensorFlow is imported with file 2 pointing nowhere."""
    try:
        handle = os.dup(stream.fileno())
    except (OSError, ValueError):  # no file behind it
        yield stream
        return
    with os.fdopen(handle, "w", buffering=1, errors="backslashreplace") as own:
        yield own


def _tell(screen: _Screen, ended: threading.Event, title: str, stream: TextIO) -> None:
    begun = time.monotonic()
    with _own(stream) as own:
        while not ended.wait(max(0.01, screen.last + SILENCE_S - time.monotonic())):
            now = time.monotonic()
            if screen.silent:
                screen.last = now
            elif now - screen.last >= SILENCE_S:
                print(f"{progress.told() or f'{title}: at work'}, {now - begun:.0f} s", file=own, flush=True)
                screen.last = now
