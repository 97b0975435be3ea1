"""Which of the layouts an export has: the one that explains it, or none, with what each would leave out."""

from collections.abc import Iterator, Sequence

from weldspot.labels import fold
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import foreign
from weldspot.sources.layouts.registry import EXPLICIT, FOLDERS, LAYOUTS, Layout, layout_of
from weldspot.sources.layouts.survey import Item, Survey
from weldspot.sources.members import look
from weldspot.sources.record import PassedOver, Record, Rejected

_CLOSEST = 3
EXPLAINED = 0.9  # of the images that a layout must annotate
_CURE = "annotate every image in one way, or set source.path to the part of it that is"


def recognise(archive: Archive, where: str, own: Sequence[str] = ()) -> str:
    """The name of the layout of an export; of `own`, those outside the package, the first that explains it is taken.

    Raises:
        WeldspotError: none explains it, two say different things, or it is of a format that is not read;
            the export is named as `where`.
    """
    members = look(archive.names, archive.head)
    if not members.images:
        raise WeldspotError(f"{where}: no image in it{_example(archive)}; set source.path to the images' folder")
    surveys = {name: layout_of(name).survey(archive, members) for name in [*own, *LAYOUTS]}
    for name in own:
        if surveys[name].share >= EXPLAINED:
            _half(surveys, name, where)
            if surveys[name].problem:
                raise WeldspotError(f"{where}: {surveys[name].problem}")
            return name
    titles = {layout.TITLE for layout in LAYOUTS.values()}
    others = {name: kind for name, kind in foreign.annotations(archive, members).items() if kind not in titles}
    name = _chosen(surveys, others, where)
    for other in EXPLICIT:
        if other != name and surveys[other].notes and not surveys[other].problem:
            _same(archive, surveys, name, other, where)
    return name


def _example(archive: Archive) -> str:
    packed = next((n for n in archive.names if n.lower().endswith((".zip", ".tar", ".gz", ".7z", ".rar"))), None)
    if packed:
        return f", but {packed}, which has to be unpacked"
    return (
        f" among {len(archive.names)} files, {archive.names[0]} the first" if archive.names else ", nor any other file"
    )


def _chosen(surveys: dict[str, Survey], others: dict[str, str], where: str) -> str:
    best = max(EXPLICIT, key=lambda name: surveys[name].share)
    found, folders = surveys[best], surveys[FOLDERS]
    if found.share >= EXPLAINED:
        _half(surveys, best, where)
        if found.problem:
            raise WeldspotError(f"{where}: {found.problem}")
        return best
    if found.problem and found.notes:
        raise WeldspotError(f"{where}: {found.problem}")
    for name in EXPLICIT:
        if len(surveys[name].orphans) > (1 - EXPLAINED) * len(found.members.images):
            _half(surveys, name, where)
    if max(surveys[name].claimed for name in EXPLICIT) > 1 - EXPLAINED:
        raise WeldspotError(f"{where}: {_left_out(surveys, others)}")
    if others:
        name, kind = next(iter(others.items()))
        raise WeldspotError(
            f"{where}: annotated as {kind} ({name}), which this version does not read; "
            "export it as Pascal VOC or YOLO, and set source.path to that"
        )
    problem = next((surveys[name].problem for name in EXPLICIT if surveys[name].problem), "")
    if problem:
        raise WeldspotError(f"{where}: {problem}")
    if folders.share >= EXPLAINED:
        return FOLDERS
    if any(found.notes or found.doubtful for found in surveys.values()):
        raise WeldspotError(f"{where}: {_left_out(surveys, others)}")
    raise WeldspotError(f"{where}: {_closest(surveys)}")


def _half(surveys: dict[str, Survey], name: str, where: str) -> None:
    """Annotations of which most have no image are of other photographs than these, or most of these are lost."""
    found = surveys[name]
    lost = len(found.orphans)
    if lost > len(found.notes):
        first, why = min(found.orphans.items())
        raise WeldspotError(
            f"{where}: {layout_of(name).TITLE}: {lost} of {lost + len(found.notes)} annotated images are not there "
            f"({first}: {why}), {len(found.members.images)} images are; "
            "set source.path to the folder or zip that has images and annotations"
        )


def _ranked(surveys: dict[str, Survey]) -> list[str]:
    """The layouts, the one that comes closest first."""

    def closeness(name: str) -> tuple[bool, float, int, bool, bool]:
        found = surveys[name]
        endings = tuple(layout_of(name).FILES)
        has_files = any(other.lower().endswith(endings) for other in found.members.others) if endings else False
        return name != FOLDERS and found.claimed > 0, found.claimed, len(found.orphans), bool(found.lacks), has_files

    return sorted(surveys, key=closeness, reverse=True)


def _closest(surveys: dict[str, Survey]) -> str:
    said = []
    for name in _ranked(surveys)[:_CLOSEST]:
        layout, count = layout_of(name), len(surveys[name].orphans)
        lacks = f"its images: {count} annotations have none" if count else surveys[name].lacks or layout.NEEDS
        said.append(f"{layout.TITLE} (missing: {lacks})")
    count = len(next(iter(surveys.values())).members.images)
    return (
        f"none of the {len(surveys)} layouts that are read explains its {count} images; the closest are "
        f"{', '.join(said)}; export it as one of them and set source.path"
    )


def _left_out(surveys: dict[str, Survey], others: dict[str, str]) -> str:
    """What each of the layouts that come closest would leave out of the export."""
    parts = []
    for name in _ranked(surveys)[:_CLOSEST]:
        found = surveys[name]
        if (found.notes or found.doubtful) and not found.left_out:
            parts.append(f"{layout_of(name).TITLE} would leave out none, were there no annotations")
        elif found.notes or found.doubtful:
            first = found.left_out[0]
            why = found.doubtful.get(first, f"{first}: {layout_of(name).MISSING.partition(';')[0]}")
            parts.append(f"{layout_of(name).TITLE} would leave out {len(found.left_out)} ({why})")
    parts += [f"{kind} is not read ({name})" for name, kind in list(others.items())[:1]]
    count = len(next(iter(surveys.values())).members.images)
    return f"no layout explains {EXPLAINED:.0%} of its {count} images: {'; '.join(parts)}; {_CURE}"


def _same(archive: Archive, surveys: dict[str, Survey], name: str, other: str, where: str) -> None:
    """Images that are annotated twice must show the same: nobody knows which of two is right."""
    both = surveys[name].notes.keys() & surveys[other].notes.keys()
    if not both:
        return
    first, second = (_labels(archive, surveys[layout], layout) for layout in (name, other))
    for image in sorted(both & first.keys() & second.keys()):
        ours, theirs = first[image].keys(), second[image].keys()
        if not (ours <= theirs if name == FOLDERS else ours == theirs):
            said = [
                f"{layout_of(n).TITLE} says {sorted(f[image].values())}" for n, f in ((name, first), (other, second))
            ]
            raise WeldspotError(f"{where}: {image}: {', '.join(said)}; remove what is wrong")


def _labels(archive: Archive, found: Survey, layout: str) -> dict[str, dict[str, str]]:
    """Of each image the labels as they are compared, and as they are spelled."""
    items = layout_of(layout).read(archive, found)
    return {i.name: {fold(label): label for label in i.labels} for i in items if isinstance(i, Record)}


def read(archive: Archive, layout: str) -> Iterator[Item]:
    """Each image of the export in order of its name or why it can't be used, and every file that is no part of it."""
    yield from archive.rejected
    yield from archive.passed_over
    members = look(archive.names, archive.head)
    form = layout_of(layout)
    found = form.survey(archive, members)
    done = {*found.notes.values(), *found.tables}
    for item in form.read(archive, found):
        done.add(item.name)
        yield Rejected(item.name, members.unread[item.name]) if item.name in members.unread else item
    for name, reason in sorted(found.orphans.items()):
        done.add(name)
        yield Rejected(name, reason)
    for name, reason in sorted(found.passed.items()):
        done.add(name)
        yield PassedOver(name, reason)
    others = foreign.annotations(archive, members)
    for name in archive.names:
        if name not in done:
            yield _rest(name, found, others, form)


def _rest(name: str, found: Survey, others: dict[str, str], form: Layout) -> Rejected | PassedOver:
    if name in found.aside:
        return PassedOver(name, found.aside[name])
    if name in found.members.images:
        return Rejected(name, found.members.unread.get(name) or found.doubtful.get(name, form.MISSING))
    if name in found.doubtful:
        return PassedOver(name, found.doubtful[name])
    if name in others:
        return PassedOver(name, f"{others[name]}, beside the {form.TITLE} that was read")
    return PassedOver(name, f"no part of an export as {form.TITLE}")
