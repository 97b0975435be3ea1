"""Who may ask: names against DNS rebinding, origins against other pages, a token beyond loopback."""

import base64
import binascii
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from weldspot.server.answers import Refused
from weldspot.server.options import ServerOptions
from weldspot.server.security.backoff import Backoff
from weldspot.server.security.connections import network
from weldspot.server.uploads import body

_SAFE = ("GET", "HEAD")


class Guard:
    """ASGI: lets a request through or answers 401, 403 or 421."""

    def __init__(self, app: ASGIApp, options: ServerOptions) -> None:
        self._app = app
        self._options = options
        self._token = options.token.get_secret_value()
        self._backoff = Backoff()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            self._check(request)
        except Refused as refused:
            await body.drain(request, self._options.limits) if request.method not in _SAFE else None
            await refused.answer()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, request: Request) -> None:
        _known_host(request, self._options.hosts)
        if request.method not in _SAFE:
            _same_origin(request, self._options.proxied)
        path = request.url.path
        if self._token and path.startswith(("/api/", "/loop")):
            self._authorize(request, basic=path.startswith("/loop"))
            request.state.known = True  # this connection is not put out for another

    def _authorize(self, request: Request, basic: bool) -> None:
        address = _address(request, self._options.proxied)
        self._backoff.check(address)
        said = _said_token(request, basic)
        if secrets.compare_digest(said.encode(), self._token.encode()):
            self._backoff.right(address)
            return
        if said:
            self._backoff.wrong(address, said)
        challenge = 'Basic realm="WeldSpot: any name, the token as password"' if basic else "Bearer"
        raise Refused(
            401,
            "The token is missing or wrong; open the address with #token=… that the server printed.",
            {"WWW-Authenticate": challenge},
        )


def _known_host(request: Request, hosts: frozenset[str] | None) -> None:
    if hosts is not None and _name(f"//{request.headers.get('host', '')}") not in hosts:
        raise Refused(
            421,
            "This server does not answer to that host name; open the address that it printed, "
            "or start it with --allowed-host and this name.",
        )


def _same_origin(request: Request, proxied: frozenset[str]) -> None:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    if foreign or (origin is not None and not _own(origin, request.headers.get("host"), proxied)):
        raise Refused(403, "Another page may not send feedback here.")


def _own(origin: str, host: str | None, proxied: frozenset[str]) -> bool:
    """Whether the page is this server's: of the host that is asked, or of the name that a proxy shows it under."""
    try:
        place = urlsplit(origin).netloc
    except ValueError:  # `http://[`
        return False
    return place == host or (origin.startswith("https://") and _name(origin) in proxied)


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _address(request: Request, proxied: frozenset[str]) -> str:
    """Whose request it is: behind a reverse proxy the last address that the proxy has seen, if it says so."""
    if proxied and (said := request.headers.get("x-forwarded-for")):
        return network(said.rpartition(",")[2].strip())
    return network(request.client.host) if request.client else ""


def _said_token(request: Request, basic: bool) -> str:
    """The token that came with a request, "" for none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if basic and scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2].strip()
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return value.strip() if scheme.lower() == "bearer" else ""
