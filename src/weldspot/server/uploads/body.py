"""Request bodies that can be neither too large nor too slow: uvicorn has no such limits."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from weldspot.server.answers import Refused
from weldspot.server.options import UploadLimits
from weldspot.server.uploads.receiving import Arrival, Receiving

_OVERHEAD = 8 * 2**10  # boundaries and part headers
_DRAINED = 4  # bodies up to this many times the limit are read to their end, so that the sender hears the answer


async def form(request: Request, limits: UploadLimits, receiving: Receiving) -> tuple[UploadFile, str]:
    """The parts `image` (a file, over a megabyte on disk; close it) and `metadata` (text).

    Raises:
        Refused: 408 too slow, 413 too large, 415 another type, 400 another form, 429 no place, 507 no room on disk.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused(415, "Send the upload as multipart/form-data with the parts image and metadata.")
    if _announced(request) > _largest(limits):
        raise _too_large(limits)
    try:
        async with receiving.place() as arrival:
            stream = _stream(request, limits, arrival)
            parser = MultiPartParser(
                request.headers, stream, max_files=2, max_fields=2, max_part_size=limits.metadata_bytes
            )
            parts = await parser.parse()
    except MultiPartException as error:
        raise Refused(400, f"The form can't be read: {error.message}") from None
    image, metadata = parts.get("image"), parts.get("metadata")
    try:
        if not isinstance(image, UploadFile):
            raise Refused(400, "The part image is missing: a JPEG file with a file name.")
        if image.content_type != "image/jpeg":
            raise Refused(415, "The part image must have the type image/jpeg.")
        if (image.size or 0) > limits.image_bytes:
            raise _too_large(limits)
        return image, await _text(metadata, limits)
    except BaseException:
        await parts.close()
        raise


async def drain(request: Request, limits: UploadLimits) -> None:
    """Reads and forgets what is left of a refused body, within the limits: a reset would swallow the answer."""
    if getattr(request.state, "body_read", False) or _announced(request) > _DRAINED * limits.image_bytes:
        return
    left = _DRAINED * limits.image_bytes
    try:
        async with asyncio.timeout(limits.idle_seconds):
            while left > 0:
                message = await request.receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


async def _stream(request: Request, limits: UploadLimits, arrival: Arrival) -> AsyncGenerator[bytes, None]:
    more = True
    while more:
        async with asyncio.timeout(limits.idle_seconds):
            message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        arrival.received += len(message.get("body", b""))
        if arrival.received > _largest(limits):
            raise _too_large(limits)
        if arrival.age() > limits.idle_seconds and arrival.rate() < limits.least_rate:
            raise Refused(408, "The upload came too slowly; send it again.")
        more = message.get("more_body", False)
        request.state.body_read = not more
        yield message.get("body", b"")


async def _text(part: UploadFile | str | None, limits: UploadLimits) -> str:
    if isinstance(part, str):
        return part
    if part is None:
        raise Refused(400, "The part metadata is missing: a JSON object of strings.")
    if (part.size or 0) > limits.metadata_bytes:  # a browser's Blob comes as a file
        raise Refused(413, f"The metadata is larger than {limits.metadata_bytes} bytes.")
    try:
        return (await part.read()).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "The metadata is not UTF-8.") from None
    finally:
        await part.close()


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _largest(limits: UploadLimits) -> int:
    return limits.image_bytes + limits.metadata_bytes + _OVERHEAD


def _too_large(limits: UploadLimits) -> Refused:
    return Refused(413, f"The photograph is larger than {limits.image_bytes / 2**20:.3g} MB.")
