"""Which photographs were there before which."""

from collections.abc import Sequence


def ages(sources: Sequence[str], names: Sequence[str], arrival: Sequence[str]) -> list[int]:
    """0, and for feedback the place of its batch in the order of arrival, from 1 on.

    Args:
        sources: export, background, crop or feedback.
        names: Of feedback: feedback/{batch}#{row}.
        arrival: The batches in data/feedback, first come first.
    """
    place = {f"feedback/{batch}": number for number, batch in enumerate(arrival, 1)}
    return [
        place[name.partition("#")[0]] if source == "feedback" else 0
        for source, name in zip(sources, names, strict=True)
    ]
