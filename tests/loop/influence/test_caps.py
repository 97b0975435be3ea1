"""One uploader's share, exactly."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from weldspot.loop.influence.caps import capped, largest_count


@given(st.lists(st.integers(1, 300), max_size=12), st.integers(0, 200), st.floats(0.05, 1), st.integers(10, 60))
def test_no_uploader_has_more_than_its_share_and_one_more_would_be_too_many(
    counts: list[int], own: int, share: float, least: int
) -> None:
    most = largest_count(counts, own, share, least)
    floor = max(1, int(share * least + 1e-9))

    def total(c: int) -> int:
        return own + sum(min(count, c) for count in counts)

    assert most >= floor
    if most > floor:
        assert most <= share * total(most) + 1e-6
    if most < max(counts, default=0):
        assert most + 1 > share * total(most + 1)


def test_what_one_uploader_sends_beyond_its_share_does_not_count() -> None:
    flood = ["mallory"] * 10_000 + ["anna", "ben", "carl", "dora"] * 20 + [""] * 20
    kept = [flood[i] for i in capped(flood, 0.2, 50, 0)]
    counts = Counter(kept)
    assert counts["mallory"] == 25  # of 125
    assert counts["anna"] == counts["ben"] == 20
    assert counts[""] == 20


def test_one_alone_never_makes_up_a_verdict_and_one_s_own_machine_is_not_bounded() -> None:
    assert len(capped(["mallory"] * 60, 0.2, 50, 0)) == 10
    assert len(capped([""] * 60, 0.2, 50, 0)) == 60
    assert len(capped(["anna"] * 60, 1.0, 50, 0)) == 60
    assert len(capped([f"sybil-{k % 1000}" for k in range(3000)], 0.2, 50, 0)) == 3000


def test_the_seed_decides_which_count() -> None:
    first = capped(["mallory"] * 60, 0.2, 50, 0).tolist()
    assert first == capped(["mallory"] * 60, 0.2, 50, 0).tolist() == sorted(first)
    assert first != capped(["mallory"] * 60, 0.2, 50, 1).tolist()
