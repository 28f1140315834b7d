"""Who may talk to the preview, and what every answer says about itself."""

from __future__ import annotations

import inspect
import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Guard = Callable[[Request], bool | Awaitable[bool]]

TOKEN_HEADER = "X-Notify-Token"  # noqa: S105 - the header's name
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What an answer says unless it says otherwise itself."""
_SAFE = frozenset({"GET", "HEAD"})


class Guarded:
    """ASGI middleware: hosts, guard, token, headers.

    Args:
        app: the application behind it.
        hosts: the host names that it answers to; None for any. It keeps other web sites from reaching it under a name
            of theirs that they point to this machine (DNS rebinding).
        guard: says whether a request may pass.
        token: what a request that changes something has to know.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] | None, guard: Guard | None, token: str) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self._guard = guard
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((n.encode(), v.encode()) for n, v in _ALWAYS.items() if n.lower().encode() not in present),
                ]
            await send(message)

        refused = await self._refusal(Request(scope, receive))
        app = self._app if refused is None else PlainTextResponse(refused[1] + "\n", status_code=refused[0])
        await app(scope, receive, answer)

    async def _refusal(self, request: Request) -> tuple[int, str] | None:
        host = request.headers.get("host", "")
        if self._hosts is not None and host_name(host) not in self._hosts:
            return 421, "The preview does not answer to this host name; `notify preview --host NAME` adds one."
        if self._guard is not None:
            passed = self._guard(request)
            if not (await passed if inspect.isawaitable(passed) else passed):
                return 403, "The guard of the preview does not let this request pass."
        if "\0" in request.scope["path"]:  # no file is called so; Starlette before 1.0 fails
            return 404, "There is no such page."
        return None if request.method in _SAFE else self._refused_change(request, host)

    def _refused_change(self, request: Request, host: str) -> tuple[int, str] | None:
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return 403, "This request comes from another web site."
        given = request.headers.get(TOKEN_HEADER, "")
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            return 403, f"This request needs the header {TOKEN_HEADER}, whose value GET /api tells."
        return None


def host_name(host: str) -> str:
    """The name in a Host header (RFC 9110, section 7.2), without the port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).strip("[]").lower()


def switched_off(environment: str) -> ASGIApp:
    """An application that answers nothing, for environments in which the preview is off."""
    text = f"The preview is off in the environment {environment}: it is for development, or needs a guard.\n"
    return PlainTextResponse(text, status_code=404)
