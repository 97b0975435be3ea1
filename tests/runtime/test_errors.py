"""Which errors are one line for the user."""

import errno

import mlflow

from weldspot.runtime.errors import WeldspotError, explained, told


def test_ours_is_itself_and_a_fault_of_the_code_is_none() -> None:
    ours = WeldspotError("what, where, what to do")
    assert explained(ours) is ours
    assert explained(ZeroDivisionError()) is None


def test_what_mlflow_refuses_becomes_one_line_that_names_the_server() -> None:
    found = explained(mlflow.MlflowException("the database\n  is locked " + "x" * 500))
    assert found is not None
    text = str(found)
    assert text.startswith("MLflow at ")
    assert "the database is locked" in text
    assert "\n" not in text
    assert len(text) < 500


def test_whatever_it_is_it_is_one_line() -> None:
    ours = WeldspotError("what, where, what to do")
    assert told(ours) is ours
    full = OSError(errno.ENOSPC, "No space left on device", "data/inbox")
    assert str(told(full)) == "data/inbox: No space left on device; free some space and run this again"
    assert str(told(ValueError("two\nlines"))).startswith("ValueError in an unknown place (two lines); a fault of")
    assert "\n" not in str(told(BrokenPipeError()))
