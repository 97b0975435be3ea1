"""A project's own code as docs/plugins.md shows it, one file of each kind, and the lines that name it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weldspot.runtime.plugins import resolver

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs/plugins.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# plugins/(\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
LINES = {
    "backbones": "strides:extractor",
    "augmentations": "sunlight:shaded",
    "losses": "easy:focal",
    "metrics": "squares:brier",
    "sources": "stripes:export",
    "layouts": "lines:lines",
    "statistics": "several:several",
    "targets": "share:Share",
}


def write(plugins: Path, files: dict[str, str] = FILES) -> Path:
    """Each file under its path in `plugins`, which is given back."""
    for name, text in files.items():
        path = plugins / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return plugins


@contextmanager
def opened(plugins: Path) -> Iterator[Path]:
    """As the command line opens a project; afterwards none is open."""
    resolver.use(plugins)
    try:
        yield plugins
    finally:
        resolver.use(None)
