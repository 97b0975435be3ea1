"""The vendor's export as delivered, and where it came from."""

import tempfile
from pathlib import Path

from weldspot.config.parameters import FolderSource, Params, RoboflowSource, SampleSource, Source
from weldspot.runtime.atomic import whole, write_json
from weldspot.sources import folder, layouts
from weldspot.sources.archive import Archive

OUTPUT = Path("artifacts/fetch")
PARTIAL = Path(".weldspot/partial")
NO_BACKGROUND = Path("conf/source/no-background.txt")


def main(params: Params) -> None:
    """Writes artifacts/fetch/{export.zip, background.zip, provenance.json}; raises WeldspotError, one line a cause."""
    source = params.source
    with whole(OUTPUT) as output:
        background = _background(source.background, output / "background.zip")  # first: it is quick to fail
        write_json(output / "provenance.json", {"export": _export(source, output / "export.zip"), **background})
    if isinstance(source, RoboflowSource):
        from weldspot.sources import roboflow

        roboflow.forget(source, PARTIAL)


def _background(where: str, target: Path) -> dict:
    if Path(where) == NO_BACKGROUND:
        return {}
    folder.deliver(Path(where), target, "source.background")
    return {"background": {"source": "folder", "where": where, "version": None, **folder.describe(target)}}


def _export(source: Source, target: Path) -> dict:
    version: str | None = None
    match source:
        case SampleSource():
            where, version = _sample(source, target)
        case RoboflowSource():
            from weldspot.sources import roboflow  # a slow import that the other sources don't need

            where, version = roboflow.download(source, target, PARTIAL)
        case FolderSource():
            folder.deliver(Path(source.path), target, "source.path")
            where = source.path
    with Archive(target) as archive:
        layout = layouts.recognise(archive, where)
    return {"source": source.name, "where": where, "version": version, "layout": layout, **folder.describe(target)}


def _sample(source: SampleSource, target: Path) -> tuple[str, str]:
    from weldspot.sources.synthetic.export import write_export

    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        write_export(Path(scratch), source.images, source.size, source.seed)
        (Path(scratch) / target.name).rename(target)
    return source.path, f"{source.images} images of {source.size} pixels, seed {source.seed}"
