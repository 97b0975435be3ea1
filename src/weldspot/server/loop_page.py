"""/loop: one page about what waits, what the gate said and what phones run. No script."""

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from weldspot.contracts.verdict import Outcome
from weldspot.loop import loop_state
from weldspot.loop.loop_state import LoopState
from weldspot.server.answers import Refused
from weldspot.server.models import Models

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

# Evidently's page has inline scripts: it gets an origin of its own, from which nothing here can be reached
_REPORT_POLICY = (
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:; frame-ancestors 'none'"
)
_VERDICTS: dict[Outcome, tuple[str, str]] = {
    "drift": ("Drift", "The world has moved: what the policy lets in was admitted to the training data."),
    "no-drift": ("No drift", "The waiting photographs look like those that the model was judged on."),
    "insufficient-data": ("Not enough data", "Too few photographs wait for a judgement that can be trusted."),
}
_DAMAGED = ("Can't be read", "The next judgement of the gate replaces it.")
_NO_STORE = {"Cache-Control": "no-store"}


class LoopPage:
    """The page, its style, and the gate's report and pictures below it."""

    def __init__(self, workspace: "Workspace", models: Models) -> None:
        self._workspace = workspace
        self._models = models
        folder = files("weldspot.server")
        environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
        environment.filters["when"] = _when
        self._template = environment.from_string((folder / "loop.html").read_text(encoding="utf-8"))
        self._style = (folder / "loop.css").read_text(encoding="utf-8")

    def routes(self) -> list[Route]:
        """/loop, /loop/style.css, /loop/report, /loop/surprises.png."""
        return [
            Route("/loop", self._page),
            Route("/loop/style.css", self._css),
            Route("/loop/report", self._report),
            Route("/loop/surprises.png", self._surprises),
        ]

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(self._render), headers=_NO_STORE)

    def _render(self) -> str:
        state = loop_state.read(self._workspace, self._models.manifest())
        title, meaning = self._headline(state)
        root = self._workspace.root
        unreadable = [one.path.relative_to(root).as_posix() for one in state.damaged]
        return self._template.render(state=state, title=title, meaning=meaning, unreadable=unreadable)

    def _headline(self, state: LoopState) -> tuple[str, str]:
        """Of the last verdict; empty before the first."""
        if state.verdict is not None:
            return _VERDICTS[state.verdict.outcome]
        return _DAMAGED if self._workspace.verdict in {one.path for one in state.damaged} else ("", "")

    async def _css(self, _: Request) -> Response:
        return Response(self._style, media_type="text/css", headers={"Cache-Control": "no-cache"})

    async def _report(self, _: Request) -> Response:
        return self._file("report.html", {"Content-Security-Policy": _REPORT_POLICY})

    async def _surprises(self, _: Request) -> Response:
        return self._file("surprises.png", {})

    def _file(self, name: str, headers: dict[str, str]) -> Response:
        path = self._workspace.report("gate") / name
        if not path.is_file():
            raise Refused(404, "The gate has left no report yet; `weldspot gate` writes it.")
        return FileResponse(path, headers=_NO_STORE | headers)


def _when(value: object) -> str:
    """An ISO 8601 time as people write it; what is none stays as it is."""
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return str(value)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
