"""What a refusal looks like to the one who asked."""

import json

from weldspot.server.answers import Refused


def test_a_refusal_is_one_sentence_that_nobody_keeps():
    answer = Refused(413, "It is too large.", {"Retry-After": "5"}).answer()
    assert answer.status_code == 413
    assert json.loads(bytes(answer.body)) == {"error": "It is too large."}
    assert (answer.headers["cache-control"], answer.headers["retry-after"]) == ("no-store", "5")
