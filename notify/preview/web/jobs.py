"""The outbox: its jobs as a list and one by one, to be sent again or taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from notify.errors import NotifyError
from notify.preview.outbox import NoOutboxError
from notify.preview.state import Look
from notify.preview.web import mails
from notify.preview.web.pages import wants_json
from notify.preview.web.posted import number_of, posted

if TYPE_CHECKING:
    from starlette.requests import Request

    from notify import Definition
    from notify.database import Database
    from notify.outbox.job import Job
    from notify.outbox.operating import Filter
    from notify.preview.desk import Desk
    from notify.preview.opened import Opened

_PAGE = 50


class Jobs:
    """The pages below `/outbox`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        one = "/outbox/{id}"
        return [
            Route("/outbox", self.page),
            Route(one, self.job),
            Route(f"{one}/retry", self.retry, methods=["POST"]),
            Route(f"{one}/cancel", self.cancel, methods=["POST"]),
            Route(f"{one}/render.html", self.frame),
        ]

    def page(self, request: Request) -> Response:
        """The list; `?state=` is one state, `?q=` an address, a notification or a number, `?before=` goes on."""
        from notify.documents.jobs import ago, in_words, job_document, stats_document
        from notify.outbox.job import STATES
        from notify.outbox.operating import find, stats

        database = self._desk.outbox.database()
        query, state = request.query_params.get("q", "").strip(), request.query_params.get("state", "")
        state = state if state in STATES else ""
        before = number_of(request.query_params.get("before", ""))
        found = find(database, _filter(query, state), limit=_PAGE + 1, before=before, whole=False)
        figures = stats(database)
        jobs, rest = found[:_PAGE], found[_PAGE:]
        model = {
            **self._desk.common(), "jobs": jobs, "stats": figures, "states": STATES, "state": state, "query": query,
            "older": jobs[-1].id if rest else None, "before": before, "now": datetime.now(UTC), "ago": ago,
            "in_words": in_words,
        }  # fmt: skip
        document = {
            "state": state,
            "query": query,
            "stats": stats_document(figures),
            "jobs": [job_document(job) for job in jobs],
            "before": model["older"],
        }
        return self._desk.pages.page(request, "outbox.html", model, document)

    def job(self, request: Request) -> Response:
        """One job: what it is made of and what happened to it, and its mail where that may be shown."""
        from notify.documents.jobs import ago, whole_job_document

        database, job, definition = self._read(request)
        document = whole_job_document(job, definition)
        mail, trouble = None, ""
        if not wants_json(request):
            try:
                mail = self._mail(database, job, definition)
            except NotifyError as error:
                trouble = str(error)
        model = {
            **self._desk.common(), "job": job, "document": document, "mail": mail, "mail_trouble": trouble,
            "look": Look(), "written": _written, "now": datetime.now(UTC), "ago": ago,
            "time_of": datetime.fromisoformat,
            "may_have_arrived": job.may_have_arrived,
            "is_known": job.notification in self._desk.project.entries,
        }  # fmt: skip
        return self._desk.pages.page(request, "job.html", model, document)

    def frame(self, request: Request) -> Response:
        """The mail's own document."""
        database, job, definition = self._read(request)
        return mails.frame(request, self._mail(database, job, definition), Look.read(request.query_params))

    async def retry(self, request: Request) -> Response:
        """Send a job again; `{"unknown": true}` if it may have arrived."""
        given = await posted(request)
        return await run_in_threadpool(self._retry, request, unknown=given.get("unknown") is True)

    def _retry(self, request: Request, *, unknown: bool) -> Response:
        from notify.outbox.operating import Filter, retry

        database, job, _ = self._read(request)
        outcome = retry(database, Filter(ids=(job.id,)), unknown=unknown)
        return self._answer(database, job, done=outcome.queued, words="it is due again")

    def cancel(self, request: Request) -> Response:
        """Take a queued job back."""
        from notify.outbox.operating import Filter, cancel

        database, job, _ = self._read(request)
        outcome = cancel(database, Filter(ids=(job.id,)))
        return self._answer(database, job, done=outcome.taken_back, words="it was taken back")

    def _answer(self, database: Database, job: Job, *, done: int, words: str) -> Response:
        from notify.outbox.operating import get

        after = get(database, job.id)
        state = after.state if after is not None else "gone"
        if not done:
            return JSONResponse({"error": f"it is {state}, and stays so", "state": state}, status_code=409)
        return JSONResponse({"state": state, "message": words})

    def _read(self, request: Request) -> tuple[Database, Job, Definition | None]:
        from notify.outbox.operating import get

        database = self._desk.outbox.database()
        number = number_of(request.path_params["id"])
        job = get(database, number) if number is not None else None
        if job is None:
            raise NoOutboxError
        entry = self._desk.project.entries.get(job.notification or "")
        return database, job, entry.definition if entry is not None and not entry.stale else None

    def _mail(self, database: Database, job: Job, definition: Definition | None) -> Opened:
        from notify.preview.queued import queued_mail

        return queued_mail(self._desk.project.notifier, database, job, definition)


def no_outbox(request: Request, _: Exception) -> Response:
    """The answer where there is no outbox, or no such job."""
    words = "there is no such job, or no outbox"
    if wants_json(request) or request.method not in {"GET", "HEAD"}:
        return JSONResponse({"error": words}, status_code=404)
    return PlainTextResponse(f"{words[0].upper()}{words[1:]}.\n", status_code=404)


def _filter(query: str, state: str) -> Filter:
    from notify.outbox.operating import Filter

    found = Filter(states=(state,) if state else ())
    if not query:
        return found
    if (number := number_of(query)) is not None:
        return replace(found, ids=(number,))
    return replace(found, to=query) if "@" in query else replace(found, notification=query)


def _written(value: Any) -> str:
    """A value as people read it: text as it is, the items of a list each on a line, all else as JSON."""
    if isinstance(value, list):
        return "\n".join(map(_written, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
