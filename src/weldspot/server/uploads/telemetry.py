"""POST /api/telemetry: the sums of one phone's day, if its user has turned that on."""

import asyncio
import logging
from datetime import UTC, datetime, time

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from weldspot.contracts import telemetry
from weldspot.loop.telemetry import reports
from weldspot.runtime.state_files import Damaged
from weldspot.server.answers import Refused
from weldspot.server.options import ServerOptions
from weldspot.server.uploads import body

log = logging.getLogger("weldspot.server")


class Telemetry:
    """The endpoint: 201 stored, 200 was here already, 4xx with a sentence. Nothing of the sender is kept."""

    def __init__(self, options: ServerOptions) -> None:
        self._limits, self._spool = options.limits, options.workspace.spool
        self._lock = asyncio.Lock()

    async def post(self, request: Request) -> Response:
        """Answers one report; whatever is refused leaves nothing behind."""
        try:
            data = await self._body(request)
            async with self._lock:
                new = await run_in_threadpool(self._keep, data)
            return Response(status_code=201 if new else 200, headers={"Cache-Control": "no-store"})
        except Refused as refused:
            await body.drain(request, self._limits)
            refused.headers.setdefault("Connection", "close")
            return refused.answer()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody hears it

    async def _body(self, request: Request) -> bytes:
        found = b""
        try:
            async with asyncio.timeout(self._limits.idle_seconds):
                async for part in request.stream():
                    found += part
                    if len(found) > telemetry.TELEMETRY_BYTES:
                        raise Refused(413, f"The report is larger than {telemetry.TELEMETRY_BYTES} bytes.")
        except TimeoutError:
            raise Refused(408, "The report came too slowly; send it again.") from None
        request.state.body_read = True
        return found

    def _keep(self, data: bytes) -> bool:
        try:
            report = telemetry.Telemetry.parse(data, "report")
        except Damaged as error:
            raise Refused(422, f"The report can't be used: {error.args[1]}.") from None
        midnight = datetime.combine(datetime.now(UTC).date(), time(), UTC).timestamp()
        if reports.stored_since(self._spool, midnight) >= self._limits.reports_per_day:
            raise Refused(429, "Enough reports have come today.", {"Retry-After": "3600"})
        try:
            return reports.put(self._spool, report)
        except OSError as error:
            log.error("a report can't be stored: %s", error)
            raise Refused(507, "The server can't store the report now; send it again later.") from None
