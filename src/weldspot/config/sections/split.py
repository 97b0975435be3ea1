"""How scenes are shared out."""

from pydantic import model_validator

from weldspot.config.sections.base import Count, Fraction, Section, Seed


class Split(Section):
    """Shares of the three parts; together they are 1."""

    train: Fraction
    val: Fraction
    test: Fraction
    seed: Seed
    min_groups: Count

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        total = self.train + self.val + self.test
        if abs(total - 1) > 1e-6:
            raise ValueError(f"train + val + test must be 1, not {total:g}")
        if not (self.train and self.val and self.test):
            raise ValueError("train, val and test must each be above 0")
        return self
