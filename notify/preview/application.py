"""The preview as one ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from notify.errors import NotifyError, UnknownNotificationError
from notify.preview.outbox import NoOutboxError
from notify.preview.web.carriers import Carriers
from notify.preview.web.compare import Compare
from notify.preview.web.editing import Editing
from notify.preview.web.guarding import Guarded
from notify.preview.web.inbox import Inbox, NoMailError, no_mail
from notify.preview.web.index import Index
from notify.preview.web.jobs import Jobs, no_outbox
from notify.preview.web.live import Live
from notify.preview.web.log import LogPages, NoEntryError, no_entry
from notify.preview.web.pages import STATIC, wants_json
from notify.preview.web.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from notify.preview.desk import Desk
    from notify.preview.web.guarding import Guard


def application(desk: Desk, *, hosts: Collection[str] | None, guard: Guard | None = None) -> ASGIApp:
    """The pages of a desk.

    Args:
        desk: what they show.
        hosts: the host names that are answered to; None for any.
        guard: says whether a request may pass.
    """
    makers: tuple[Any, ...] = (Index, Workbench, Compare, Editing, Inbox, Jobs, LogPages, Carriers, Live)
    routes = [route for maker in makers for route in maker(desk).routes()]

    def failed(request: Request, error: Exception) -> Response:
        return _failed(desk, request, error)

    handlers: Any = {NotifyError: failed, NoMailError: no_mail, NoOutboxError: no_outbox, NoEntryError: no_entry}
    pages = Starlette(routes=routes, exception_handlers=handlers)
    app = Starlette(
        routes=[
            Mount("/static", _Assets(directory=STATIC)),
            Mount("/api", _Api(pages)),
            *routes,
        ],
        exception_handlers=handlers,
    )
    return Guarded(app, hosts=hosts, guard=guard, token=desk.token)


class _Api:
    """The same pages, always as JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "notify.api": True}, receive, send)


class _Assets(StaticFiles):
    """Files whose URL changes with their content, so that browsers may keep them."""

    def file_response(self, *arguments: Any, **named: Any) -> Response:
        response = super().file_response(*arguments, **named)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _failed(desk: Desk, request: Request, error: Exception) -> Response:
    """An error as a page, or as JSON where that is wanted or something was posted."""
    status = 404 if isinstance(error, UnknownNotificationError) else 422
    document = {"error": str(error), "kind": type(error).__name__}
    if request.method != "GET" or wants_json(request):
        return JSONResponse(document, status_code=status)
    return desk.pages.page(request, "failed.html", {**desk.common(), "message": str(error)}, document, status=status)
