"""Security headers on every answer, also on errors: the outermost layer of the server.

What each is for: https://owasp.org/www-project-secure-headers/ and https://www.w3.org/TR/CSP3/.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weldspot.server.options import AppConfig

_FIREBASE = (
    "https://firebasestorage.googleapis.com",
    "https://storage.googleapis.com",
    "https://identitytoolkit.googleapis.com",
    "https://securetoken.googleapis.com",
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}


def content_security_policy(config: AppConfig) -> str:
    """The policy of the app's pages; the Firebase hosts of `config` may be connected to."""
    connect = ["'self'"]
    if config.backend == "firebase":
        connect += _FIREBASE
        emulators = config.firebase.emulators if config.firebase else None
        connect += [_origin(place) for place in (emulators or {}).values()]
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self' blob:",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "manifest-src 'self' blob:",  # the app's own, with the token in its start_url
            f"connect-src {' '.join(connect)}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _origin(place: str) -> str:
    return place if "://" in place else f"http://{place}"


class SecurityHeaders:
    """ASGI: adds what the application has not set itself."""

    def __init__(self, app: ASGIApp, config: AppConfig) -> None:
        self._app = app
        self._headers = {"Content-Security-Policy": content_security_policy(config)} | _FIXED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
