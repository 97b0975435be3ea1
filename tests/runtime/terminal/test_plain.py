"""What somebody else has written can not steer a terminal."""

from hypothesis import given
from hypothesis import strategies as st
from reviews import HOSTILE

from weldspot.runtime.terminal.plain import plain


def test_what_is_hidden_is_shown() -> None:
    assert plain(HOSTILE["an escape"]) == "\\u001b[2J\\u001b]0;owned\\u0007"
    assert plain(HOSTILE["a second line"]) == "fine\\u000aweldspot: promoted"
    assert plain(HOSTILE["right to left"]) == "\\u202egpj.dlew\\u202c"
    assert plain("Schweißnaht 溶接, à côté – 3 × 4") == "Schweißnaht 溶接, à côté – 3 × 4"


@given(st.text())
def test_no_letter_of_it_steers_anything(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert shown.splitlines() in ([shown], [])
