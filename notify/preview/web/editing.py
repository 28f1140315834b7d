"""Editing the params of a mail, keeping them as a sample, and sending a test."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from notify.definition import RECIPIENT
from notify.documents import receipt_document
from notify.errors import ConfigError, NotifyError
from notify.preview.data.form import form, read_form
from notify.preview.data.reading import read_yaml, write_yaml
from notify.preview.data.saving import add_sample
from notify.preview.renderings import sample_of
from notify.preview.state import NO_SAMPLE, State, with_query
from notify.preview.web.posted import posted, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from notify.params.problems import Problem
    from notify.preview.desk import Desk
    from notify.preview.project import Entry


class Editing:
    """What is posted to a mail."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._saving = threading.Lock()

    def routes(self) -> list[Route]:
        """Where it goes."""
        below = "/n/{notification}/{sample}"
        return [
            Route(f"{below}/data", self._posted(self.take), methods=["POST"]),
            Route(f"{below}/render", self._posted(self.render), methods=["POST"]),
            Route(f"{below}/save", self._posted(self.save), methods=["POST"]),
            Route(f"{below}/send", self._posted(self.send), methods=["POST"]),
            Route(f"{below}/golden", self._posted(self.golden), methods=["POST"]),
        ]

    def take(self, state: State, given: Mapping[str, Any]) -> Response:
        """Edited params: `{"values": ...}` of the form or `{"yaml": "..."}`; answers with a token for the URL.

        Where they are wrong, the answer says so for each field, with status 422, and there is no token.
        """
        entry = self._desk.entry(state.notification)
        params, faults = self._params(entry, given)
        problems = self._problems(entry, params) if params is not None else []
        document: dict[str, Any] = {
            "problems": [
                {"path": list(each.steps), "name": each.shown.name, "message": _words(each)} for each in problems
            ],
            "faults": faults,
            "token": None,
            "yaml": write_yaml(params) if params is not None else None,
        }
        if params is None or problems or faults:
            return JSONResponse(document, status_code=422)
        own = sample_of(entry, state.sample)
        document["token"] = "" if own is not None and own.params == params else self._desk.drafts.put(params)
        return JSONResponse(document)

    def render(self, state: State, given: Mapping[str, Any]) -> Response:
        """The mail with params of a program's own, `{"params": {...}}`, as JSON."""
        params = given.get("params")
        if not isinstance(params, dict):
            raise ConfigError('a mapping is expected: {"params": {...}}')
        rendition = self._desk.renderings.of(state.but(data=self._desk.drafts.put(params)), params)
        failure = self._desk.failure(rendition)
        document = {
            "error": failure.as_document() if failure else None,
            "subject": rendition.mail.subject if rendition.mail else None,
            "html": rendition.mail.html if rendition.mail else None,
            "text": rendition.mail.text if rendition.mail else None,
        }
        return JSONResponse(document, status_code=422 if failure else 200)

    def save(self, state: State, given: Mapping[str, Any]) -> Response:
        """The params of the state as a new sample of the file, `{"name": ...}`."""
        if not self._desk.local:
            raise ConfigError("samples are saved on the machine where the files are, with `notify preview`")
        entry = self._desk.entry(state.notification)
        if entry.path is None or entry.definition is None or entry.stale:
            raise ConfigError(f"the file of {entry.id} has faults: mend it first")
        name = text_of(given, "name")
        base = entry.definition.samples.get(state.sample)
        with self._saving:  # of two at once, neither may read what the other is about to replace
            add_sample(
                entry.path,
                name,
                self._desk.params(entry, state),
                locale=state.locale,
                based_on=(base.name, base.params) if base is not None else None,
            )
        self._desk.watcher.catch_up()
        saved = State.read(entry.id, name, state.pairs()).but(data="", locale=None)
        return JSONResponse({"url": with_query(saved.path, saved.pairs())})

    def send(self, state: State, given: Mapping[str, Any]) -> Response:
        """The mail to somebody, `{"to": ..., "transport": ...}`; answers with the receipt."""
        desk = self._desk
        entry, notifier = desk.entry(state.notification), desk.project.notifier
        to, name = text_of(given, "to"), text_of(given, "transport")
        sample = entry.definition.samples.get(state.sample) if entry.definition else None
        message = notifier.render(
            entry.id,
            to=to or RECIPIENT,
            params=desk.params(entry, state),
            locale=state.locale or (sample.locale if sample else None),
            theme=state.theme,
        )
        outgoing = notifier.outgoing(message)
        transport = notifier.select(outgoing, via=name)
        for address in outgoing.envelope.recipients:
            desk.check_allowed(address, transport)
        return JSONResponse(receipt_document(desk.told(notifier.deliver(message, via=transport.name))))

    def golden(self, state: State, _: Mapping[str, Any]) -> Response:
        """The mail as it is now as the golden file that later ones are compared with."""
        rendition = self._desk.rendition(state)
        if rendition.error is not None or rendition.mail is None:
            raise rendition.error or ConfigError("there is no mail to keep")
        entry = self._desk.entry(state.notification)
        path = self._desk.golden.write(state, self._desk.locale_of(entry, state), rendition.mail.data)
        return JSONResponse({"path": path})

    def _params(self, entry: Entry, given: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        if "yaml" in given:
            values, faults = read_yaml(text_of(given, "yaml"))
            return values, [_fault(each) for each in faults]
        contract = entry.definition.contract if entry.definition else None
        if contract is None:
            raise ConfigError("no params are declared, so that there is no form: send YAML")
        values, problems = read_form(contract, given.get("values"))
        return values, [{"path": list(each.steps), "message": _words(each)} for each in problems]

    @staticmethod
    def _problems(entry: Entry, params: Mapping[str, Any]) -> list[Problem]:
        problems: list[Problem] = []
        if entry.definition is not None and entry.definition.contract is not None:
            entry.definition.contract.attempt(params, problems)
        return problems

    def _posted(self, handle: Any) -> Any:
        """An endpoint that reads a JSON object, and answers errors as JSON."""

        async def endpoint(request: Request) -> Response:
            given = await posted(request)
            state = State.read(request.path_params["notification"], request.path_params["sample"], request.query_params)
            return await run_in_threadpool(handle, state, given)

        return endpoint


def data_panel(desk: Desk, entry: Entry, state: State) -> dict[str, Any]:
    """What the drawer shows of the params: a form where they are declared, and the YAML."""
    try:
        params = desk.params(entry, state)
    except NotifyError:
        params = {}
    contract = entry.definition.contract if entry.definition else None
    problems: list[Problem] = []
    if contract is not None and (params or state.sample != NO_SAMPLE):
        contract.attempt(params, problems)
    return {"form": form(contract, params, problems) if contract is not None else None, "yaml": write_yaml(params)}


def _words(problem: Problem) -> str:
    shown = problem.shown
    hint = f" ({shown.hint})" if shown.hint else ""
    return f"expected {shown.expected}, got {shown.got}{hint}"


def _fault(fault: Any) -> dict[str, Any]:
    hint = f" ({fault.hint})" if fault.hint else ""
    return {"line": fault.location.line, "column": fault.location.column, "message": f"{fault.message}{hint}"}
