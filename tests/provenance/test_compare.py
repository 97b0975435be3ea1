"""Two runs that differ: the first stage of the graph that did, and by how much."""

from weldspot.provenance.compare import first_difference
from weldspot.provenance.record import Part

BEFORE = [
    Part("fetch", "artifacts/fetch", "1"),
    Part("train", "artifacts/train", "2"),
    Part("evaluate", "reports/metrics.json", "3"),
]
MODELS = (b"abcd", b"abXd")
METRICS = (
    b'{"mean": {"average_precision": 0.9, "roc_auc": 0.5}}',
    b'{"mean": {"average_precision": 0.8, "roc_auc": 0.5}}',
)


def test_the_first_stage_in_the_order_of_the_graph() -> None:
    after = [BEFORE[0], Part("evaluate", "reports/metrics.json", "x"), Part("train", "artifacts/train", "y")]
    found = first_difference(BEFORE, after, MODELS, METRICS)
    assert (found.stage, found.outputs) == ("train", ["artifacts/train"])
    assert found.bytes == "1 of 4 bytes differ"
    assert found.metrics == {"average_precision": [0.9, 0.8]}


def test_an_output_more_or_less_is_a_difference() -> None:
    more = [*BEFORE, Part("fetch", "artifacts/more", "1")]
    assert first_difference(BEFORE, more, MODELS, METRICS).outputs == ["artifacts/more"]
    assert first_difference(more, BEFORE, MODELS, METRICS).stage == "fetch"


def test_where_all_stages_are_the_same_it_is_export_and_where_nobody_knows_it_is_unknown() -> None:
    assert first_difference(BEFORE, BEFORE, MODELS, METRICS).stage == "export"
    assert first_difference([], BEFORE, MODELS, METRICS).stage == "unknown"


def test_another_size_and_scores_that_are_not_there() -> None:
    found = first_difference(BEFORE, BEFORE, (b"ab", b"abcd"), (b"", b"half"))
    assert (found.bytes, found.metrics) == ("2 of 2 and 4 bytes differ", {})
    assert first_difference(BEFORE, BEFORE, MODELS, (b"", METRICS[1])).metrics["roc_auc"] == [None, 0.5]
