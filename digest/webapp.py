"""A preview as browsers ask for it: pages, and the line on which they hear of changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from digest.answers import OWN, Answers
from digest.browsers import Browsers

LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine to which only this machine answers."""
MISDIRECTED: Final = 421
"""RFC 9110 §15.5.20."""


def application(answers: Answers, browsers: Browsers, names: Collection[str] | None) -> Starlette:
    """Return what answers browsers that ask for a host of one of these names, or of any for None.

    A page of another site, whose name somebody made to lead to this machine, could read drafts otherwise.
    """

    def is_meant(request: Request) -> bool:
        return names is None or (urlsplit(f"//{request.headers.get('host', '')}").hostname or "") in names

    async def events(request: Request) -> Response:
        if not is_meant(request):
            return _refused()
        files = [_file(name, answers.base_path) for name in request.query_params.getlist("file")]
        heard = browsers.events(request.query_params.get("version", ""), files)
        return StreamingResponse(heard, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def page(request: Request) -> Response:
        if not is_meant(request):
            return _refused()
        known = request.headers.get("if-none-match", "")
        answer = answers.at(request.scope["path"], request.url.query, known)
        return Response(answer.body, answer.status, answer.headers)

    return Starlette(routes=[Route(f"{OWN}events", events), Route("/{path:path}", page)])


def _refused() -> Response:
    return PlainTextResponse("This preview answers only under the names of this machine.\n", MISDIRECTED)


def _file(name: str, base_path: str) -> str:
    """Return the file of the site that a page names: its own by that very name, others by their path on this host."""
    return name.removeprefix(base_path) if name.startswith("/") else name
