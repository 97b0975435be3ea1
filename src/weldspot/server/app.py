"""The embedded backend: the app, its model, the feedback it sends, and a page about the loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from weldspot.server.answers import Refused
from weldspot.server.client_files import Client
from weldspot.server.encoding import Gzipped, accepted
from weldspot.server.loop_page import LoopPage
from weldspot.server.models import Models
from weldspot.server.options import ServerOptions
from weldspot.server.review.desk_page import DeskPage
from weldspot.server.security.guard import Guard
from weldspot.server.security.headers import SecurityHeaders
from weldspot.server.uploads.endpoint import Uploads
from weldspot.server.uploads.telemetry import Telemetry

_NO_MODEL = "There is no model yet: run `make repro`, then `weldspot promote` and `weldspot publish`."

_WITHHELD = "The model that was promoted is not here as it was published: run `weldspot publish`."


def create(options: ServerOptions) -> ASGIApp:
    """The ASGI application; everything it reads and writes lies in the workspace."""
    models = Models(options.workspace)
    gzipped = Gzipped()
    page = LoopPage(options.workspace, models)
    built = Client(options.workspace)
    desk = DeskPage(options, built)
    told = options.config.json_text()

    def first_phone() -> None:
        """Makes ready what the first phone asks for, so that it need not wait."""
        found = models.manifest()
        data = models.content(found.sha256) if found else None
        if found and data:
            gzipped.form(found.sha256, data)

    async def manifest(_: Request) -> Response:
        found = await run_in_threadpool(models.manifest)
        if found is None:
            withheld = await run_in_threadpool(models.has_production)
            raise Refused(503, _WITHHELD) if withheld else Refused(404, _NO_MODEL)
        return JSONResponse(found.model_dump(mode="json", exclude_unset=True), headers={"Cache-Control": "no-cache"})

    async def canary(_: Request) -> Response:
        found = await run_in_threadpool(models.canary)
        if found is None:
            return Response(status_code=204, headers={"Cache-Control": "no-cache"})
        return JSONResponse(found.model_dump(mode="json", exclude_unset=True), headers={"Cache-Control": "no-cache"})

    async def model(request: Request) -> Response:
        data = await run_in_threadpool(models.content, request.path_params["sha256"])
        if data is None:
            raise Refused(404, "There is no such model here; ask /api/manifest.json which one is current.")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if "gzip" in accepted(request.scope):
            form = await run_in_threadpool(gzipped.form, request.path_params["sha256"], data)
            if form is not None:
                data = form
                headers["Content-Encoding"] = "gzip"
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def config(_: Request) -> Response:
        return Response(told, media_type="application/json", headers={"Cache-Control": "no-cache"})

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        first = asyncio.create_task(run_in_threadpool(first_phone))  # hashes, compresses, may import MLflow: seconds
        yield
        await asyncio.gather(first, return_exceptions=True)
        await run_in_threadpool(desk.close)

    routes = [
        Route("/healthz", healthz),
        Route("/config.json", config),
        Route("/api/manifest.json", manifest),
        Route("/api/canary.json", canary),
        Route("/api/telemetry", Telemetry(options).post, methods=["POST"]),
        Route("/api/models/{sha256}.tflite", model),
        Route("/api/feedback/{uploader}/{id}", Uploads(options, models).post, methods=["POST"]),
        *page.routes(),
        *desk.routes(),
        Mount("/", built),
    ]
    handlers = {Refused: _refused, HTTPException: _http, Exception: _failed}
    guard = [Middleware(Guard, options=options)]
    inner = Starlette(routes=routes, middleware=guard, exception_handlers=handlers, lifespan=lifespan)
    return SecurityHeaders(inner, options.config)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error.answer()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = f"{request.method} is not possible here." if error.status_code == 405 else "There is nothing here."
    if error.status_code not in (404, 405):
        sentence = HTTPStatus(error.status_code).phrase + "."
    return Refused(error.status_code, sentence, dict(error.headers or {})).answer()


async def _failed(_: Request, __: Exception) -> Response:
    return Refused(500, "The server failed at this; its terminal says why.").answer()
