"""fetch: the vendor's export as delivered, and where it came from."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import dvc_sight, stores
from weldspot.config.sections.base import StageParams
from weldspot.config.sections.ingest import Layouts
from weldspot.config.sections.source import CustomSource, FolderSource, RoboflowSource, SampleSource, Source
from weldspot.labels import ClassList
from weldspot.runtime.atomic import replacing_folder, write_bytes
from weldspot.runtime.plugins import resolver
from weldspot.sources import folder
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition
from weldspot.sources.provenance import Delivery, Provenance, SourceName

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

NO_BACKGROUND = "conf/source/no-background.txt"


class Params(StageParams):
    """What fetch reads of params.yaml."""

    source: Source
    ingest: Layouts


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/fetch/{export.zip, background.zip, provenance.json}.

    Raises:
        WeldspotError: one line a cause.
    """
    source = params.source
    with replacing_folder(workspace.artifact("fetch")) as output:
        background = _background(workspace, source.background, output / "background.zip")  # first: it is quick to fail
        export = _export(workspace, source, output / "export.zip", params.ingest.layouts)
        provenance = Provenance(export=export, background=background) if background else Provenance(export=export)
        write_bytes(output / "provenance.json", provenance.json_bytes())
    if isinstance(source, RoboflowSource):
        from weldspot.sources import roboflow

        roboflow.forget(source, workspace.downloads)
    for where in filter(stores.is_address, (source.path, source.background)):
        from weldspot.sources.remote import delivery

        delivery.forget(where, workspace.downloads)


def _background(workspace: "Workspace", where: str, target: Path) -> Delivery | None:
    if Path(where) == Path(NO_BACKGROUND):
        return None
    version = _deliver(workspace, where, target, "source.background")
    return _delivery("folder", where, version, target)


def _deliver(workspace: "Workspace", where: str, target: Path, key: str) -> str | None:
    if stores.is_address(where):
        from weldspot.sources.remote import delivery  # a slow import that files on a disk don't need

        return delivery.deliver(where, target, key, workspace.downloads)
    source = workspace.root / where
    if source.exists():
        dvc_sight.check(source, workspace.root, key)
    folder.deliver(source, target, key)
    return None


def _export(workspace: "Workspace", source: Source, target: Path, layouts: Sequence[str]) -> Delivery:
    version: str | None = None
    match source:
        case SampleSource():
            where, version = _sample(source, target)
        case RoboflowSource():
            from weldspot.sources import roboflow  # a slow import that the other sources don't need

            key = workspace.settings.roboflow_api_key
            where, version = roboflow.download(source, target, workspace.downloads, key)
        case FolderSource():
            where, version = source.path, _deliver(workspace, source.path, target, "source.path")
        case CustomSource():
            where, version = source.maker, _made(source, target)
    with Archive(target) as archive:
        layout = recognition.recognise(archive, where, layouts)
    return _delivery(source.name, where, version, target).model_copy(update={"layout": layout})


def _delivery(source: SourceName, where: str, version: str | None, archive: Path) -> Delivery:
    contents = folder.describe(archive)
    return Delivery(
        source=source,
        where=where,
        version=version,
        licence=contents.licence,
        sha256=contents.sha256,
        bytes=contents.size,
        damaged=contents.damaged,
    )


def _sample(source: SampleSource, target: Path) -> tuple[str, str]:
    from weldspot.sources.synthetic.export import write_export

    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        classes = ClassList(tuple(source.classes), None, source.exclusive, source.aliases)
        write_export(Path(scratch), source.images, source.size, source.seed, classes)
        (Path(scratch) / target.name).rename(target)
    return source.path, f"{source.images} images of {source.size} pixels, seed {source.seed}"


def _made(source: CustomSource, target: Path) -> str | None:
    """An export made by code outside the package: a function of (empty folder, **options) → its version, or None."""
    plugin = resolver.load("sources", source.maker)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        version = plugin(made, **source.options)
        if version is not None and not isinstance(version, str):
            raise plugin.unfit(f"gives {type(version).__name__}, not the version as text, or None")
        folder.deliver(made, target, "source.maker")
    return version
