"""The built app: in client/dist, or in a repository of `weldspot new` the one that came with the package."""

import mimetypes
import stat

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from weldspot import shipped
from weldspot.server.encoding import accepted
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


# as client/build/compressed.ts puts them beside the files, the smaller one first
_FORMS = {"br": ".br", "gzip": ".gz"}


class Client(StaticFiles):
    """The app's files; those that Vite names by their content are kept by browsers for good, all else is asked anew.

    A browser that takes a compressed form is given the one that the build has made.
    """

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
        name = "index.html" if path == "." else path
        try:
            forms = await run_in_threadpool(self._forms, name)
            form = next((form for form in forms if form in accepted(scope)), None)
            response = await super().get_response(name + _FORMS[form] if form else path, scope)
        except (ValueError, OSError):  # a zero byte, a name that is too long
            raise HTTPException(404) from None
        if forms:
            response.headers["Vary"] = "Accept-Encoding"
        if form and response.status_code != 304:
            response.headers["Content-Encoding"] = form
            response.headers["Content-Type"] = mimetypes.guess_type(name)[0] or "application/octet-stream"
        immutable = path.startswith("assets/") and response.status_code < 400
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
        return response

    def _forms(self, name: str) -> list[str]:
        """The compressed forms of a file; each build empties the folder first, so they are of the same one."""
        if not self._is_file(name):
            return []
        return [form for form, suffix in _FORMS.items() if self._is_file(name + suffix)]

    def _is_file(self, name: str) -> bool:
        _, state = self.lookup_path(name)
        return state is not None and stat.S_ISREG(state.st_mode)
