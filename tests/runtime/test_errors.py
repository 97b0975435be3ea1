"""Which errors are one line for the user."""

import mlflow

from weldspot.runtime.errors import WeldspotError, explained


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
