"""The built app: in client/dist, or in a repository of `weldspot new` the one that came with the package."""

import mimetypes

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from weldspot import shipped
from weldspot.workspace import Workspace

_ABSENT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>WeldSpot</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/loop/style.css">
<main><header><h1>The app is not built yet</h1></header>
<section><p>{cure}</p>
<p><a href="/loop">What the loop has been doing</a></p></section></main></html>
"""
_BUILD = "Stop this server and run <code>make serve</code>: it builds the app with npm and starts anew."
_INSTALL = (
    "This weldspot was built without it: install one that has it, or build a wheel after <code>make serve</code>."
)

# said outright: what a system's own table says differs, and nosniff makes a browser believe it
for _suffix, _type in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".tflite": "application/octet-stream",
}.items():
    mimetypes.add_type(_type, _suffix)


class Client(StaticFiles):
    """The app's files; those that Vite names by their content are kept by browsers for good, all else is asked anew."""

    def __init__(self, workspace: Workspace) -> None:
        by_package = workspace.made_with.exists()
        self._folder = shipped.app() if by_package else workspace.app
        self._absent = _ABSENT.replace("{cure}", _INSTALL if by_package else _BUILD)
        super().__init__(directory=self._folder, html=True, check_dir=False)
        self.config_checked = True  # a folder that is not there yet is no mistake

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, a 404, or at the root, while nothing is built, a page that says how to build it."""
        if path in (".", "review.html") and not (self._folder / "index.html").is_file():
            return HTMLResponse(self._absent, 503, {"Cache-Control": "no-store"})
        try:
            response = await super().get_response(path, scope)
        except (ValueError, OSError):  # a zero byte, a name that is too long
            raise HTTPException(404) from None
        immutable = path.startswith("assets/") and response.status_code < 400
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
        return response
