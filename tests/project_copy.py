"""A copy of conf/ with the paths that it names, to compose in."""

from pathlib import Path

from weldspot.config.compose import compose

ROOT = Path(__file__).resolve().parents[1]
GROUPS = ("source", "preprocess", "augment", "training")
CHOICES = {group: sorted(path.stem for path in (ROOT / "conf" / group).glob("*.yaml")) for group in GROUPS}


def composed(repo: Path, *overrides: str) -> Path:
    """params.yaml of the copy, written anew."""
    compose(list(overrides), repo / "conf", repo / "params.yaml")
    return repo / "params.yaml"
