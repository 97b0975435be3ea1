"""/review and /api/review: cards out, decisions in."""

import asyncio
import hashlib
import logging
import threading
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from weldspot.contracts.base import Contract
from weldspot.contracts.reviewed import REASON_CHARACTERS, Decided
from weldspot.labels import ClassList
from weldspot.loop.desk.cards import Card
from weldspot.loop.desk.desk import Desk
from weldspot.loop.influence import known
from weldspot.loop.influence.known import Known
from weldspot.loop.publishing import course
from weldspot.loop.review.log import Taken
from weldspot.loop.review.reviewer import named
from weldspot.loop.review.waiting import photograph
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged
from weldspot.server.answers import Refused
from weldspot.server.client_files import Client
from weldspot.server.options import ServerOptions
from weldspot.server.review.leases import Leases
from weldspot.server.review.measuring import Measuring

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

log = logging.getLogger("weldspot.server")
_NO_STORE = {"Cache-Control": "no-store"}
_KEPT = {"Cache-Control": "private, max-age=3600"}  # a photograph under its own name does not change
_AT_A_TIME, _BODY = 12, 16 * 2**10


class Word(Contract):
    """A decision as the page sends it: `id` of the card, `seen` its number of decisions when it was shown."""

    id: str
    seen: int
    decision: Decided
    by: str
    labels: list[str] = Field(default_factory=list, max_length=100)
    reason: str = Field("", max_length=REASON_CHARACTERS)


class DeskPage:
    """The page (the built client's), the cards, their photographs, and what is decided."""

    def __init__(self, options: ServerOptions, client: Client) -> None:
        self._workspace: Workspace = options.workspace
        self._limits, self._client = options.limits, client
        self._lock = threading.Lock()
        self._desk: Desk | None = None
        self._known: tuple[int, Known, dict[str, int]] | None = None
        self._leases, self._measuring = Leases(), Measuring(options.workspace)

    def routes(self) -> list[Route]:
        """/review, and below /api/review: cards, photos, known, decisions."""
        return [
            Route("/review", self._page),
            Route("/api/review/cards", self._cards),
            Route("/api/review/photos/{id}", self._photo),
            Route("/api/review/known/{id}", self._known_photo),
            Route("/api/review/decisions", self._decide, methods=["POST"]),
        ]

    def close(self) -> None:
        """Ends what it has begun."""
        self._measuring.end()

    async def _page(self, request: Request) -> Response:
        return await self._client.get_response("review.html", request.scope)

    async def _cards(self, request: Request) -> Response:
        by = _name(request.query_params.get("by", ""))
        return JSONResponse(await run_in_threadpool(self._told, by), headers=_NO_STORE)

    def _told(self, by: str) -> dict[str, object]:
        with self._lock:
            desk = self._opened()
            left = desk.cards()
            unmeasured = desk.unmeasured()
            old = self._old()
            of = {card.one.key: card for card in left}
            mine = self._leases.take(list(of), by, _AT_A_TIME)
            count = sum(1 + len(card.copies) for card in left)
            measuring = unmeasured and self._measuring.begin(count)
            return {
                "cards": [_told(of[key], desk.classes, *old) for key in mine],
                "left": len(left),
                "waiting": count,
                "measuring": measuring,
                "trial": self._trial(),
            }

    def _trial(self) -> dict[str, object] | None:
        try:
            tried = course.read(self._workspace)
        except Damaged as error:  # cards can be decided on all the same
            log.error("the desk shows no trial: %s", error)
            return None
        return {"version": tried.version, "share": tried.share} if tried else None

    async def _photo(self, request: Request) -> Response:
        data = await run_in_threadpool(self._picture, request.path_params["id"])
        return Response(data, media_type="image/jpeg", headers=_KEPT)

    def _picture(self, id_: str) -> bytes:
        with self._lock:
            one = next((one for one in self._opened().waiting() if _id(one.key) == id_), None)
        try:
            if one is not None:
                return photograph(one)
        except FileNotFoundError:  # the gate has moved it meanwhile
            pass
        except WeldspotError as error:
            raise Refused(500, error.line()) from None
        raise Refused(404, "This photograph does not wait here any more.")

    async def _known_photo(self, request: Request) -> Response:
        data = await run_in_threadpool(self._known_picture, request.path_params["id"])
        return Response(data, media_type="image/jpeg", headers=_KEPT)

    def _known_picture(self, id_: str) -> bytes:
        with self._lock:
            old, place = self._old()
        data = old.picture(place[id_]) if id_ in place else b""
        if not data:
            raise Refused(404, "This photograph is not on this machine.")
        return data

    async def _decide(self, request: Request) -> Response:
        try:
            word = Word.model_validate_json(await _body(request, self._limits.idle_seconds))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the decision"
            raise Refused(400, f"{where}: {first['msg']}.") from None
        return await run_in_threadpool(self._written, word, _name(word.by))

    def _written(self, word: Word, by: str) -> Response:
        with self._lock:
            desk = self._opened()
            one = next((one for one in desk.waiting() if _id(one.key) == word.id), None)
            if one is None:
                raise Refused(410, "This correction does not wait any more: the gate has admitted or set it apart.")
            try:
                made = desk.decide(one.key, word.decision, by, word.labels, word.reason, word.seen)
            except Taken as taken:
                said = {"error": f"{taken.last.by} was faster: {taken.last.decision}.", "by": taken.last.by,
                        "decision": taken.last.decision, "labels": taken.last.after}  # fmt: skip
                return JSONResponse(said, 409, _NO_STORE)
            except WeldspotError as error:
                raise Refused(422, error.line()) from None
            left = len(desk.cards())
        return JSONResponse({"written": len(made), "seen": made[0].number + 1, "left": left}, 201, _NO_STORE)

    def _opened(self) -> Desk:
        if self._desk is None:
            try:
                self._desk = Desk(self._workspace)
            except (WeldspotError, OSError) as error:
                raise Refused(503, f"There is nothing to review here: {error}") from None
        return self._desk

    def _old(self) -> tuple[Known, dict[str, int]]:
        """The known photographs, and where each id stands among them."""
        path = self._workspace.known
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if self._known is None or self._known[0] != changed:
            old = known.kept(self._workspace)
            self._known = changed, old, {name: i for i, name in enumerate(old.ids)}
        return self._known[1:]


def _told(card: Card, classes: ClassList, old: Known, place: dict[str, int]) -> dict[str, object]:
    one = card.one
    there = [place[name] for name in card.like if name in place]
    return {
        "id": _id(one.key),
        "upload": one.key,
        "seen": card.seen,
        "labels": one.labels,
        "offered": one.offered,
        "alone": [name for name in one.offered if classes.exclusive or classes.canonical(name) == classes.background],
        "scores": sorted(card.scores.items(), key=lambda item: -item[1]),
        "measured": card.measured,
        "heat": card.heat,
        "uploader": one.uploader,
        "reviewed": card.record.reviewed,
        "agreement": card.record.agreement,
        "copies": len(card.copies),
        "network": one.via == "network",
        "device": one.device,
        "note": one.note,
        "taken": one.taken,
        "like": [{"id": old.ids[i], "labels": old.labels[i]} for i in there],
        "copied": old.labels[place[card.copied]] if card.copied in place else None,
    }


def _id(key: str) -> str:
    """A card's name in an address: an upload's own has slashes, and one made by hand may hold anything."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def _name(by: str) -> str:
    try:
        return named(by)
    except WeldspotError as error:
        raise Refused(400, error.line()) from None


async def _body(request: Request, seconds: float) -> bytes:
    data = b""
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                data += chunk
                if len(data) > _BODY:
                    raise Refused(413, f"The decision is larger than {_BODY} bytes.", {"Connection": "close"})
    except TimeoutError:
        raise Refused(408, "The decision came too slowly; send it again.", {"Connection": "close"}) from None
    return data
