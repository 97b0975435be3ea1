"""Where the token comes from, and what may be one."""

import subprocess
import sys

import pytest
from pydantic import SecretStr

from weldspot.config.settings import Settings
from weldspot.runtime.errors import WeldspotError
from weldspot.server.security import token

GOOD, OTHER = "abcdefgh-12345678", "ABCDEFGH~12345678"


def test_a_file_goes_before_the_environment_and_that_before_dotenv(tmp_path, monkeypatch):
    (tmp_path / "token").write_text(f"{GOOD}\n")
    (tmp_path / ".env").write_text(f"WELDSPOT_TOKEN={OTHER}\n")
    assert token.given(None, Settings.read(tmp_path / ".env").weldspot_token) == OTHER
    monkeypatch.setenv("WELDSPOT_TOKEN", GOOD[::-1])
    found = Settings.read(tmp_path / ".env").weldspot_token
    assert token.given(None, found) == GOOD[::-1]
    assert token.given(tmp_path / "token", found) == GOOD
    assert token.given(None, SecretStr("")) == ""


@pytest.mark.parametrize(
    "said", ["x", "letmein", "a" * 40, "abababababababab", "two\nlines-of-letters", "with a space in it", "§" * 20]
)
def test_what_may_be_guessed_or_stands_in_no_address_is_refused_with_a_cure(tmp_path, said):
    (tmp_path / "token").write_text(said)
    for file, variable in ((tmp_path / "token", ""), (None, said)):
        with pytest.raises(WeldspotError, match="make one: python -c") as error:
            token.given(file, SecretStr(variable))
        assert said not in str(error.value)


def test_the_cure_makes_one_and_so_does_the_server(tmp_path):
    with pytest.raises(WeldspotError) as error:
        token.given(None, SecretStr("x"))
    code = str(error.value).partition('-c "')[2].rstrip('"')
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    for one in (made, token.made()):
        assert token.given(None, SecretStr(one)) == one


def test_a_file_that_is_none_is_one_line(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(WeldspotError, match="can't be read"):
            token.given(path, SecretStr(GOOD))
