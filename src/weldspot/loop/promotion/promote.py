"""weldspot promote: staging becomes production, when it is at least as good on what neither has seen."""

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from weldspot.config import parameters
from weldspot.config.sections.loop import Promote
from weldspot.contracts.decision import Word
from weldspot.images import dataset
from weldspot.loop.feedback import ledger
from weldspot.loop.promotion import heldout
from weldspot.loop.promotion.comparison import compare
from weldspot.loop.promotion.rule import Ruling, decide, lost
from weldspot.loop.promotion.translation import Translation, translate
from weldspot.loop.publishing import course as courses
from weldspot.provenance import verify
from weldspot.registry import alias_moves, decisions, versions
from weldspot.registry.alias_moves import Move, Overtaken
from weldspot.registry.model_registry import PRODUCTION, STAGING, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

CHECKS_FAILED = "did not pass the checks of export"
_MIN_IMAGES = 20  # a part with fewer photographs says nothing


def promote(workspace: "Workspace") -> bool:
    """Compares staging with production, moves the aliases or refuses, and records why on the version.

    Returns:
        Whether staging is production now.

    Raises:
        WeldspotError: there is no staging, or it can't be compared.
    """
    params = parameters.load(workspace.params)
    registry = ModelRegistry(workspace, params.tracking)
    with locks.exclusive(workspace.lock("promote")), tempfile.TemporaryDirectory() as folder:
        if registry.aliases():
            _resume(registry)
        old = registry.aliases().get(PRODUCTION)
        challenger = versions.fetch(registry, STAGING, _new(folder, "challenger"))
        if challenger.version == old:
            print(f"promote: version {old} is production already; nothing to do")
            return True
        verify.require(workspace, challenger)
        if (tried := courses.read(workspace)) is not None:
            raise WeldspotError(
                f"version {tried.version} is still tried on {tried.share:.0%} of the phones; `weldspot canary` goes on "
                "with that, `weldspot publish --canary 100%` or `weldspot rollback` ends it"
            )
        holder = versions.fetch_version(registry, old, _new(folder, "production")) if old else None
        ruling = _ruling(workspace, registry, params.loop.promote, challenger, holder)
        word: Word = "promoted" if ruling.passed else "refused"
        decisions.record(registry, challenger.version, word, ruling.markdown())
        if ruling.passed:
            _move(registry, Move("promote", old, challenger.version))
        _say(challenger, holder, ruling)  # last: who no longer listens must not stop what was decided
        return ruling.passed


def _move(registry: ModelRegistry, move: Move) -> None:
    try:
        alias_moves.begin(registry, move)
    except Overtaken as error:  # what was recorded a moment ago did not come true
        decisions.record(registry, move.new, "refused", f"- {error}")
        raise
    alias_moves.finish(registry)


def _resume(registry: ModelRegistry) -> None:
    """Ends a promotion that was killed between its two aliases; a rollback is ended by `weldspot rollback`."""
    move = alias_moves.pending(registry)
    if move is not None and move.kind == "promote":
        alias_moves.finish(registry)


def _ruling(
    workspace: "Workspace",
    registry: ModelRegistry,
    section: Promote,
    challenger: ModelVersion,
    holder: ModelVersion | None,
) -> Ruling:
    if not decisions.checks_passed(registry, challenger.version):
        return Ruling([], [f"version {challenger.version} {CHECKS_FAILED}"])
    if since := decisions.rolled_back_on(registry, challenger.version):
        return Ruling([], [f"it was rolled back on {since}; `weldspot rollback` brings it back"])
    revoked = ledger.read(workspace).photographs()
    if learnt := versions.learnt(challenger, revoked) if revoked else 0:
        return Ruling(
            [], [f"it learnt from {learnt} photographs that were taken back since; `dvc repro` makes another"]
        )
    found = heldout.common(workspace, challenger, holder)
    answers = _answers(challenger, found.images)
    if holder is None:
        return _first(challenger)
    translation = translate(
        holder.manifest.class_list(), challenger.manifest.class_list(), versions.unknown_classes(holder)
    )
    told = lost(translation, versions.unknown_classes(challenger), versions.unknown_classes(holder))
    ruling = _compared(found, answers, _answers(holder, found.images), translation, section)
    lines = [*translation.lines(), *told.lines, *ruling.lines]
    return Ruling(lines, [*told.refusals, *ruling.refusals])


def _first(challenger: ModelVersion) -> Ruling:
    """There is no production to compare with: what export measured decides, and it must have measured something."""
    scored = challenger.manifest.metrics.mean_average_precision
    if scored is None or not math.isfinite(scored):
        return Ruling(
            [], [f"version {challenger.version} has no mean AP: no class could be scored; see its model card"]
        )
    unknown = versions.unknown_classes(challenger)
    left_out = [f"it does not know {', '.join(unknown)}; phones never show what it does not know"] if unknown else []
    return Ruling([f"the first production; its checks passed (mean AP {scored:.4f})", *left_out])


def _compared(
    found: heldout.HeldOut,
    ours: Float[np.ndarray, "n classes"],
    theirs: Float[np.ndarray, "n old"],
    translation: Translation,
    section: Promote,
) -> Ruling:
    """The rule, on each part that has photographs enough, over the classes that both lists have."""
    if not translation.shared:
        return Ruling(
            [], ["no class of production's list is in this one (labels.aliases): there is nothing to compare"]
        )
    columns = [found.images.classes.names.index(name) for name in translation.shared]
    truth, ours, theirs = found.images.labels[:, columns], ours[:, columns], translation.scores(theirs)
    groups = found.images.groups
    parts, left_out = {}, []
    newest = found.newest if found.newest.sum() >= _MIN_IMAGES else found.feedback
    for name, wanted in (("held-out photographs", ~found.feedback), ("the newest feedback", newest)):
        rows = np.flatnonzero(wanted)
        if len(rows) >= _MIN_IMAGES:
            measured = truth[rows], ours[rows], theirs[rows], groups[rows]
            parts[name] = compare(translation.shared, *measured, section)
        else:
            left_out.append(f"{name}: {len(rows)} are new to both versions, too few to compare on ({_MIN_IMAGES})")
    if not parts:
        return Ruling([], left_out)
    slices = {
        name: compare(translation.shared, truth[rows], ours[rows], theirs[rows], groups[rows], section)
        for name, rows in found.slices(_MIN_IMAGES, section.min_groups)
    }
    ruling = decide(parts, section, slices)
    return Ruling([*ruling.lines, *left_out], ruling.refusals)


def _answers(version: ModelVersion, images: dataset.Images) -> Float[np.ndarray, "n classes"]:
    """A version's scores in the TFLite runtime; raises WeldspotError when they are none."""
    scores = heldout.score(version, images)
    if not ((scores >= 0) & (scores <= 1)).all():  # NaN is neither
        raise WeldspotError(f"version {version.version}: no probabilities come from its file; run `dvc repro`")
    return scores


def _say(challenger: ModelVersion, holder: ModelVersion | None, ruling: Ruling) -> None:
    against = f", compared with version {holder.version}" if holder else ""
    verb = "is production now" if ruling.passed else "is refused"
    print(f"promote: version {challenger.version} ({challenger.sha256[:12]}) {verb}{against}")
    for line in [*ruling.refusals, *ruling.lines]:
        print(f"  {line}")
    if ruling.passed:
        print("promote: next: `weldspot publish`")


def _new(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path
