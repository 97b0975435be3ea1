"""Who looks at what."""

from weldspot.server.review.leases import SECONDS, Leases


def test_others_are_given_other_cards_until_a_lease_runs_out() -> None:
    now = [0.0]
    leases = Leases(lambda: now[0])
    keys = list("abcdef")
    assert leases.take(keys, "rita", 2) == ["a", "b"]
    assert leases.take(keys, "tom", 3) == ["c", "d", "e"]
    assert leases.take(keys[1:], "rita", 2) == ["b", "f"], "a was decided; one that has c to e is not asked"
    assert leases.take(keys, "zoe", 3) == ["a"], "what rita has no more"
    now[0] = SECONDS + 1
    assert leases.take(keys, "tom", 9) == keys
