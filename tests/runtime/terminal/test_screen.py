"""What a command writes to its screen: redacted, and never silent for long where there is no terminal."""

import io
import sys
import time

import pytest

from weldspot.runtime.terminal import screen
from weldspot.runtime.terminal.progress import Progress


def hidden(text: str) -> str:
    return text.replace("s3cret", "***")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "SILENCE_S", 0.05)


def test_no_secret_reaches_either_stream(capsys: pytest.CaptureFixture[str]) -> None:
    with screen.guarded(hidden, "test"):
        print("a s3cret")
        print("a s3cret", file=sys.stderr)
        with screen.as_it_is():
            print("the address with s3cret")
    print("s3cret, outside")
    out, err = capsys.readouterr()
    assert out == "a ***\nthe address with s3cret\ns3cret, outside\n"
    assert err == "a ***\n"


def _silent(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, title: str = "train") -> list[str]:
    monkeypatch.setattr(sys, "stderr", stream)
    with screen.guarded(hidden, title):
        deadline = time.monotonic() + (0.5 if stream.isatty() else 30)
        while stream.getvalue().count("\n") < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    return stream.getvalue().splitlines()


@pytest.mark.usefixtures("quick")
def test_without_a_terminal_a_long_silence_is_broken_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _silent(monkeypatch, io.StringIO())
    assert len(told) >= 2
    assert all(line.startswith("train: at work, ") for line in told)


@pytest.mark.usefixtures("quick")
def test_it_tells_how_far_the_counted_work_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with Progress(total=40, desc="train: epoch 1/2", unit="batch") as bar:
        bar.update(12)
        assert _silent(monkeypatch, io.StringIO())[0].startswith("train: epoch 1/2, 12 of 40 batch, ")


@pytest.mark.usefixtures("quick")
def test_on_a_terminal_the_bar_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _silent(monkeypatch, Terminal()) == []


@pytest.mark.usefixtures("quick")
def test_while_another_process_has_the_screen_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with screen.guarded(hidden, "retrain"), screen.left_to_another():
        time.sleep(0.3)
    assert stream.getvalue() == ""


def test_what_the_terminal_can_not_show_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    with screen.guarded(hidden, "test"):
        print("mean AP 0.5 → 0.6 \udcff")
    narrow.flush()
    assert narrow.buffer.getvalue() == b"mean AP 0.5 \\u2192 0.6 \\udcff\n"


@pytest.mark.parametrize(
    ("line", "told"), [("run train", "train"), ("-C folder gate", "gate"), ("-C", "weldspot"), ("", "weldspot")]
)
def test_the_title_is_the_verb_or_the_stage(line: str, told: str) -> None:
    assert screen.title(line.split()) == told
