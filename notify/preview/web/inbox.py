"""The mailbox: captured mails as a list, one by one, and for tests that wait for one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from notify.documents import receipt_document
from notify.errors import ConfigError
from notify.preview.mailbox.replay import message_of
from notify.preview.state import SCHEMES, Look
from notify.preview.web import mails
from notify.preview.web.pages import wants_json
from notify.preview.web.posted import posted, text_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from notify.preview.desk import Desk
    from notify.preview.mailbox import Mail
    from notify.preview.opened import Opened

_PAGE = 50
_LONGEST_WAIT = 120.0
VIEWS = ("html", "text", "source", "headers", "mime", "inbox")


class Inbox:
    """The pages below `/mailbox`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        one = "/mailbox/{id}"
        return [
            Route("/mailbox", self.page),
            Route("/mailbox", self.delete_all, methods=["DELETE"]),
            Route("/mailbox/wait", self.wait),
            Route(one, self.mail),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/replay", self.replay, methods=["POST"]),
            Route(f"{one}/render.html", self.frame),
            Route(f"{one}/render.txt", self.text),
            Route(f"{one}/render.eml", self.eml),
            Route(f"{one}/render.png", self.png),
            Route(f"{one}/mail.html", self.html),
            Route(f"{one}/part/{{index}}", self.part),
        ]

    def page(self, request: Request) -> Response:
        """The list; `?q=` searches, `?offset=` goes on."""
        query = request.query_params.get("q", "")
        offset = _number(request.query_params.get("offset", ""))
        problem = None
        self._desk.mailbox.expire()
        try:
            found, total = self._desk.mailbox.list(query, limit=_PAGE, offset=offset)
        except ConfigError as error:
            found, total, problem = (), 0, str(error)
        tags = sorted({tag for mail in found for tag in mail.tags})
        document = {
            "query": query,
            "total": total,
            "offset": offset,
            "error": problem,
            "mails": [mail.as_document() for mail in found],
        }
        model = {
            **self._desk.common(), "mails": found, "total": total, "query": query, "offset": offset,
            "limit": _PAGE, "problem": problem, "tags": tags,
        }  # fmt: skip
        return self._desk.pages.page(request, "mailbox.html", model, document, status=422 if problem else 200)

    def mail(self, request: Request) -> Response:
        """One mail, in every view."""
        mail, opened = self._open(request)
        look = Look.read(request.query_params)
        around: dict[str, str] = {"d": SCHEMES[(SCHEMES.index(look.scheme) + 1) % len(SCHEMES)]}
        ids = [file.id for file in self._desk.mailbox.files()]
        at = ids.index(mail.id) if mail.id in ids else -1
        if at >= 0:
            around |= {"k": ids[at - 1] if at else "", "j": ids[at + 1] if at + 1 < len(ids) else ""}
        model = {
            **self._desk.common(), **mails.model(opened, look), "kept": mail, "views": VIEWS, "schemes": SCHEMES,
            "around": around, "query": request.query_params.get("q", ""), "desk": self._desk,
        }  # fmt: skip
        document = {**mail.as_document(), "mail": mails.document(opened)}
        return self._desk.pages.page(request, "mail.html", model, document)

    def frame(self, request: Request) -> Response:
        """The mail's own document."""
        return mails.frame(request, self._open(request)[1], Look.read(request.query_params))

    def text(self, request: Request) -> Response:
        """The text part."""
        return mails.text(self._open(request)[1])

    def html(self, request: Request) -> Response:
        """The HTML part, as a file."""
        mail, opened = self._open(request)
        return mails.html(opened, mail.id)

    def eml(self, request: Request) -> Response:
        """The mail, as a file."""
        mail, opened = self._open(request)
        return mails.eml(opened, mail.id)

    def png(self, request: Request) -> Response:
        """A picture of it."""
        picture = self._desk.picture(self._open(request)[1], Look.read(request.query_params))
        return Response(picture, media_type="image/png")

    def part(self, request: Request) -> Response:
        """A part, as a file."""
        return mails.part(self._open(request)[1], request.path_params["index"])

    def delete(self, request: Request) -> Response:
        """Delete one mail."""
        deleted = self._desk.mailbox.delete(request.path_params["id"])
        self._desk.hub.publish("mail")
        return JSONResponse({"deleted": int(deleted)}, status_code=200 if deleted else 404)

    def delete_all(self, request: Request) -> Response:
        """Delete all mails, or those that `?q=` finds."""
        deleted = self._desk.mailbox.delete_all(request.query_params.get("q", ""))
        self._desk.hub.publish("mail")
        return JSONResponse({"deleted": deleted})

    async def replay(self, request: Request) -> Response:
        """Carry a mail once more, `{"to": ..., "transport": ...}`; answers with the receipt."""
        given = await posted(request)
        return await run_in_threadpool(self._replay, request, text_of(given, "to"), text_of(given, "transport"))

    def _replay(self, request: Request, to: str, name: str) -> Response:
        mail, opened = self._open(request)
        notifier = self._desk.project.notifier
        message = message_of(opened, to=to or list(mail.recipients))
        outgoing = notifier.outgoing(message)
        transport = notifier.select(outgoing, via=name)
        for address in outgoing.envelope.recipients:
            self._desk.check_allowed(address, transport)
        return JSONResponse(receipt_document(self._desk.told(notifier.deliver(message, via=transport.name))))

    async def wait(self, request: Request) -> Response:
        """For tests: the newest mail that `?q=` finds, there or to come within `?timeout=` seconds (408 if none does).

        `?since=` (ISO 8601) leaves out what came before.
        """
        query = request.query_params
        patience = min(_seconds(query.get("timeout", "10")), _LONGEST_WAIT)
        mail = await self._desk.mailbox.wait(query.get("q", ""), since=_time(query.get("since")), timeout=patience)
        if mail is None:
            return JSONResponse({"error": f"no such mail came within {patience:g} seconds"}, status_code=408)
        opened = await run_in_threadpool(self._desk.mailbox.open, mail.id)
        return JSONResponse({**mail.as_document(), "mail": mails.document(opened)})

    def _open(self, request: Request) -> tuple[Mail, Opened]:
        identifier = request.path_params["id"]
        mail, opened = self._desk.mailbox.get(identifier), self._desk.mailbox.open(identifier)
        if mail is None or opened is None:
            raise NoMailError
        return mail, opened


class NoMailError(Exception):
    """There is no mail of that id (any more)."""


def no_mail(request: Request, _: Exception) -> Response:
    """The answer to it."""
    if wants_json(request) or request.method not in {"GET", "HEAD"}:
        return JSONResponse({"error": "there is no such mail"}, status_code=404)
    return PlainTextResponse("There is no such mail; it may have been deleted.\n", status_code=404)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no endless numbers


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ConfigError(f"timeout: seconds are expected, not {text!r:.40}")
    return seconds


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError):
        raise ConfigError(f"since: a time such as 2030-12-31T18:00:00Z is expected, not {text!r:.40}") from None
