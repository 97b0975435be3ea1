"""What is printed may reach nobody (`weldspot promote | head -1`, a log on a full disk): the work goes on."""

import io
import os
import sys


class Unheard(io.TextIOWrapper):
    """A text stream that goes silent, for child processes too, once it can't be written any more."""

    def write(self, text: str) -> int:
        """Never raises for what is at the other end."""
        try:
            return super().write(text)
        except OSError:
            self._silence()
            return len(text)

    def flush(self) -> None:
        """As write."""
        try:
            super().flush()
        except OSError:
            self._silence()

    def _silence(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def outlive_readers() -> None:
    """From here on a reader of stdout or stderr that has gone does not stop this process."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if type(stream) is io.TextIOWrapper:  # not what a test put there
            encoding, errors = stream.encoding, stream.errors
            setattr(sys, name, Unheard(stream.detach(), encoding, errors, None, line_buffering=True))  # a log in order
