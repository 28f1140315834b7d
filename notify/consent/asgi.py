"""The web application on which people unsubscribe: ASGI 3.0, on any server, below any path of any application.

`GET /u/TOKEN` asks, and changes nothing, since programs follow links. `POST /u/TOKEN` unsubscribes; mail programs send
it themselves (RFC 8058). `/p/TOKEN` shows all choices and takes them. There are no cookies, and nobody learns whether
an address is known.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from notify.asgi import Gone, TooLargeError, check_length, read_body, serve
from notify.consent.choosing import changed
from notify.consent.forms import fields
from notify.consent.pages import Shown
from notify.consent.scopes import ALL
from notify.consent.tokens import Claim, TokenError

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from notify.asgi import Receive, Send
    from notify.consent.forms import Fields
    from notify.consent.offers import Offers
    from notify.consent.pages import Pages
    from notify.consent.scopes import Scope
    from notify.consent.store import Preferences
    from notify.consent.tokens import Purpose, Tokens

_log = logging.getLogger("notify.consent")
_PATH = re.compile(r"(?:.*/)?([up])/([^/]+)")
_PURPOSES: Mapping[str, Purpose] = {"u": "unsubscribe", "p": "preferences"}
LIMIT = 64 * 1024
"""Octets of a body; one-click has 26."""
BY_LINK, BY_PAGE = "the unsubscribe link", "the preference page"
"""The sources of choices."""


class _Refused(Exception):  # noqa: N818 - it is an answer
    """A call that changes nothing.

    Attributes:
        status: of the answer.
        notice: what its page says.
    """

    def __init__(self, status: HTTPStatus, notice: str) -> None:
        super().__init__(notice)
        self.status, self.notice = status, notice


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    purpose: Purpose
    token: str
    headers: Mapping[str, str]


class ConsentApp:
    """Answers below whatever path it is served.

    The store is asked in a thread. Answers are 200, 4xx, which has changed nothing, or 503, where the store failed, and
    what was said is to be said again.

    Args:
        tokens: reads the links.
        preferences: keeps what people choose.
        offers: what there is to choose.
        pages: renders.
        limit: the most octets of a body.
        timeout: seconds within which a body is to be whole, and after which the store is not waited for.
    """

    def __init__(
        self,
        tokens: Tokens,
        preferences: Preferences,
        offers: Offers,
        pages: Pages,
        *,
        limit: int = LIMIT,
        timeout: float = 30.0,
    ) -> None:
        self._tokens = tokens
        self._preferences = preferences
        self._offers = offers
        self._pages = pages
        self._limit = limit
        self._timeout = timeout

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection, as ASGI has it."""
        await serve(scope, receive, send, self._respond)

    async def _respond(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        status = HTTPStatus.OK
        try:
            name, shown = await self._answer(scope, headers, receive)
        except Gone:
            _log.warning("a call ended before it was whole")
            return
        except _Refused as refused:
            status, name, shown = refused.status, "notice", Shown(notice=refused.notice)
        page = self._pages.page(name, shown, headers.get("accept-language", ""))
        fields = {
            "content-type": "text/html; charset=utf-8",
            "content-length": str(len(page.body)),
            "content-language": page.locale,
            "content-security-policy": page.policy,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "vary": "accept-language",
            "x-content-type-options": "nosniff",
            "x-robots-tag": "noindex, nofollow",
            **({"allow": "GET, HEAD, POST"} if status == HTTPStatus.METHOD_NOT_ALLOWED else {}),
            **({"retry-after": "60"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}),
        }
        pairs = [(key.encode(), value.encode("latin-1")) for key, value in fields.items()]
        await send({"type": "http.response.start", "status": int(status), "headers": pairs})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else page.body})

    async def _answer(
        self, scope: MutableMapping[str, Any], headers: Mapping[str, str], receive: Receive
    ) -> tuple[str, Shown]:
        """The template and what it shows."""
        found = _PATH.fullmatch(scope["path"])
        if found is None:
            raise _Refused(HTTPStatus.NOT_FOUND, "missing")
        call = _Call(scope["method"], _PURPOSES[found[1]], found[2], headers)
        if call.method not in {"GET", "HEAD", "POST"}:
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "wrong")
        try:
            claim = self._tokens.read(call.token, call.purpose)
        except TokenError as error:
            _log.info("a link to %s is not believed: %s", call.purpose, error.reason)
            raise _Refused(HTTPStatus.BAD_REQUEST, "refused") from None
        form = await self._form(call, receive) if call.method == "POST" else None
        work = self._unsubscribe if call.purpose == "unsubscribe" else self._choose
        try:
            return await asyncio.wait_for(asyncio.to_thread(work, claim, form), self._timeout)
        except _Refused:
            raise
        except Exception as error:  # noqa: BLE001 - stores raise anything, and the caller is to come again
            # Its own words may hold an address.
            _log.error("the choice was not kept or found: %s", type(error).__qualname__)
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "failed") from None

    async def _form(self, call: _Call, receive: Receive) -> Fields:
        try:
            check_length(call.headers.get("content-length", ""), self._limit)
            body = await asyncio.wait_for(read_body(receive, self._limit), self._timeout)
        except TooLargeError:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "wrong") from None
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "wrong") from None
        form = fields(call.headers.get("content-type", ""), body)
        if form is None:
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong")
        return form

    def _unsubscribe(self, claim: Claim, form: Fields | None) -> tuple[str, Shown]:
        if form is not None:
            if form.get("List-Unsubscribe") != ["One-Click"]:
                raise _Refused(HTTPStatus.BAD_REQUEST, "wrong")
            self._preferences.unsubscribe(claim.recipient, claim.scope, source=BY_LINK)
            _log.info("somebody unsubscribed from %s", claim.scope)
        left = self._tokens.instead(claim, "preferences")
        shown = Shown(claim.recipient, self._offers.title(claim.scope), f"../p/{left}")
        return "unsubscribe" if form is None else "unsubscribed", shown

    def _choose(self, claim: Claim, form: Fields | None) -> tuple[str, Shown]:
        if form is not None:
            self._save(claim, form)
        rows = self._offers.rows(self._preferences.of(claim.recipient), claim.scope)
        return "preferences", Shown(claim.recipient, rows=rows, saved=form is not None)

    def _save(self, claim: Claim, form: Fields) -> None:
        match form.get("action"):
            case ["leave"]:
                self._preferences.unsubscribe(claim.recipient, ALL, source=BY_PAGE)
            case ["save"]:
                for scope, wanted in changed(form, self._offers):
                    self._keep(claim.recipient, scope, wanted=wanted)
            case _:
                raise _Refused(HTTPStatus.BAD_REQUEST, "wrong")
        _log.info("somebody saved preferences")

    def _keep(self, recipient: str, scope: Scope, *, wanted: bool) -> None:
        if self._offers.wanted(scope, self._preferences.of(recipient)) != wanted:
            change = self._preferences.resubscribe if wanted else self._preferences.unsubscribe
            change(recipient, scope, source=BY_PAGE)
