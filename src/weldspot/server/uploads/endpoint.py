"""POST /api/feedback/{uploader}/{id}: one corrected photograph, acknowledged when it is safe on disk."""

import asyncio
import hashlib
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from weldspot.loop.feedback import spool, upload_metadata
from weldspot.runtime.errors import WeldspotError
from weldspot.server.answers import Refused
from weldspot.server.models import Models
from weldspot.server.options import ServerOptions
from weldspot.server.uploads import body, photo
from weldspot.server.uploads.quota import Quota
from weldspot.server.uploads.receiving import Receiving

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # lower case only: one id has one spelling
_UPLOADER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_RETRY = {"Retry-After": "5"}
log = logging.getLogger("weldspot.server")


class Uploads:
    """The endpoint: 201 stored, 200 was here already, 4xx with a sentence."""

    def __init__(self, options: ServerOptions, models: Models) -> None:
        self._limits = options.limits
        self._spool = options.workspace.spool
        self._via: spool.Via = "network" if options.open else "loopback"
        self._models = models
        self._receiving = Receiving(self._limits)
        self._quota = Quota(self._spool, self._limits)
        self._storing = asyncio.Semaphore(self._limits.storing)
        self._threads = ThreadPoolExecutor(self._limits.storing, "store")  # few, as each keeps memory for itself

    async def post(self, request: Request) -> Response:
        """Answers one upload; whatever is refused leaves nothing behind."""
        try:
            return await self._receive(request)
        except Refused as refused:
            await body.drain(request, self._limits)
            refused.headers.setdefault("Connection", "close")  # what is left of the body is not the next request
            return refused.answer()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody hears it

    async def _receive(self, request: Request) -> Response:
        uploader, image_id = request.path_params["uploader"], request.path_params["id"]
        if not _UPLOADER.fullmatch(uploader):
            raise Refused(400, "The uploader may have letters, digits, _ and -, at most 128.")
        if not _UUID.fullmatch(image_id):
            raise Refused(400, "The id is not a UUID in lower case.")
        await run_in_threadpool(self._quota.check, uploader)
        try:
            image, text = await body.form(request, self._limits, self._receiving)
            try:
                async with self._storing:
                    return await self._store(f"feedback/{uploader}/{image_id}.jpg", image, text)
            finally:
                await image.close()
        except OSError as error:  # of the folder for temporary files
            raise _no_room(f"an upload of {uploader}", error) from None

    async def _store(self, name: str, image: UploadFile, text: str) -> Response:
        data = await image.read()
        storing = asyncio.get_running_loop().run_in_executor(self._threads, self._keep, name, data, text)
        upload, sha256, new = await storing
        if new:
            log.info(
                "received %s from %s: %s, %d bytes", upload.id, upload.uploader, ", ".join(upload.labels), len(data)
            )
        return JSONResponse({"id": upload.id, "sha256": sha256}, 201 if new else 200, {"Cache-Control": "no-store"})

    def _keep(self, name: str, data: bytes, text: str) -> tuple[upload_metadata.Upload, str, bool]:
        metadata = _metadata(text)
        try:
            upload = upload_metadata.parse(name, metadata, self._models.list_of)
        except upload_metadata.BadUpload as reason:
            raise Refused(422, f"The metadata can't be used: {reason}.") from None
        sha256 = hashlib.sha256(data).hexdigest()
        if upload.sha256 not in ("", sha256):
            raise Refused(422, "The image is not the one that the metadata's sha256 names; send it again.")
        if not self._models.known(upload.model):
            raise Refused(422, f"No model of this project has the SHA-256 {upload.model[:12]}….")
        photo.check(data, self._limits.pixels)
        try:
            with self._quota.one(upload.uploader):
                new = spool.put(self._spool, name, data, metadata | {"sha256": sha256}, self._via)
        except spool.Conflict:
            raise Refused(409, f"The id {upload.id} has been used for another upload.") from None
        except (OSError, WeldspotError) as error:
            raise _no_room(name, error) from None
        if not new:
            self._quota.not_new(upload.uploader)
        return upload, sha256, new


def _no_room(what: str, error: Exception) -> Refused:
    log.error("%s can't be stored: %s", what, error)
    return Refused(507, "The server can't store the upload now; send it again later.", _RETRY)


def _metadata(text: str) -> dict[str, str]:
    try:
        metadata = json.loads(text)
        text.encode()
        json.dumps(metadata, ensure_ascii=False).encode()  # half a surrogate pair can't be stored
    except (ValueError, RecursionError):
        raise Refused(400, "The metadata is not JSON.") from None
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Refused(400, "The metadata is not a JSON object of strings.")
    return metadata
