"""The delivery log: its entries as a list and one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from notify.errors import ConfigError
from notify.preview.web.pages import wants_json
from notify.preview.web.posted import number_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from notify.log import Entry, Filters, Log
    from notify.preview.desk import Desk

_PAGE = 50
_OTHERS = 50


class NoEntryError(Exception):
    """There is no such entry (any more)."""


class LogPages:
    """The pages below `/log`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/log", self.page), Route("/log/{id}", self.entry)]

    def page(self, request: Request) -> Response:
        """The list; `?status=` is one status, `?q=` an address, a notification, a Message-ID or a number."""
        from notify.documents.jobs import ago
        from notify.documents.log import entry_document, log_stats_document
        from notify.log import Status

        log = self._desk.log.log()
        query, status = request.query_params.get("q", "").strip(), request.query_params.get("status", "")
        status = status if status in list(map(str, Status)) else ""
        before = number_of(request.query_params.get("before", ""))
        figures = log.stats(by_notification=wants_json(request))
        found, trouble = _found_or_told(log, query, status, before)
        entries, rest = found[:_PAGE], found[_PAGE:]
        model = {
            **self._desk.common(), "logged": entries, "stats": figures, "status": status, "query": query,
            "older": entries[-1].id if rest else None, "before": before, "now": datetime.now(UTC), "ago": ago,
            "trouble": trouble,
        }  # fmt: skip
        document = {
            "status": status,
            "query": query,
            "stats": log_stats_document(figures),
            "entries": [entry_document(entry) for entry in entries],
            "before": model["older"],
            **({"error": trouble} if trouble else {}),
        }
        return self._desk.pages.page(request, "log.html", model, document, status=422 if trouble else 200)

    def entry(self, request: Request) -> Response:
        """One entry, with its events in the order of time."""
        from notify.documents.jobs import ago
        from notify.documents.log import entry_document

        log = self._desk.log.log()
        number = number_of(request.path_params["id"])
        found = log.get(number) if number is not None else None
        if found is None:
            raise NoEntryError
        others = [each for each in log.find(message_id=found.message_id, limit=_OTHERS) if each.id != found.id]
        model: dict[str, Any] = {
            **self._desk.common(), "logged": found, "others": others, "now": datetime.now(UTC), "ago": ago,
            "is_known": found.notification in self._desk.project.entries,
        }  # fmt: skip
        return self._desk.pages.page(request, "logged.html", model, entry_document(found))


def _found_or_told(log: Log, query: str, status: str, before: int | None) -> tuple[list[Entry], str]:
    """What is found, or why nothing can be: of addresses that are not kept, none is found by a part."""
    try:
        return _found(log, query, status, before), ""
    except ConfigError as error:
        return [], str(error)


def _found(log: Log, query: str, status: str, before: int | None) -> list[Entry]:
    """A page of what is searched, and one more if there are more."""
    number = number_of(query)
    if number is not None:
        one = log.get(number)
        return [] if one is None or (status and one.status != status) else [one]
    filters: Filters = {"status": (status,) if status else ()}
    if query.startswith("<"):
        filters["message_id"] = query
    elif query:
        filters["to" if "@" in query else "notification"] = query
    return log.find(limit=_PAGE + 1, before=before, **filters)


def no_entry(request: Request, _: Exception) -> Response:
    """The answer where there is no such entry."""
    if wants_json(request):
        return JSONResponse({"error": "there is no such entry"}, status_code=404)
    return PlainTextResponse("There is no such entry.\n", status_code=404)
