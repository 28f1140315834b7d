"""The workbench: one notification with one sample, in every view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notify.errors import ParamsError
from notify.preview.state import NO_SAMPLE, PANELS, SCHEMES, VIEWS, State, with_query
from notify.preview.templates_used import templates_used
from notify.preview.web import mails
from notify.preview.web.editing import data_panel
from notify.preview.web.pages import wants_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from notify.preview.desk import Desk
    from notify.preview.project import Entry
    from notify.preview.renderings import Rendition


class Workbench:
    """The pages below `/n/`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        below = "/n/{notification}/{sample}"
        return [
            Route("/n/{notification}", self.first),
            Route(below, self.page),
            Route(f"{below}/render.html", self.frame),
            Route(f"{below}/render.txt", self.text),
            Route(f"{below}/render.eml", self.eml),
            Route(f"{below}/render.png", self.png),
            Route(f"{below}/render.json", self.json),
            Route(f"{below}/mail.html", self.html),
            Route(f"{below}/part/{{index}}", self.part),
        ]

    def first(self, request: Request) -> Response:
        """To the first sample of a notification."""
        entry = self._desk.entry(request.path_params["notification"])
        state = State.read(entry.id, first_sample(entry), request.query_params)
        root = request.scope.get("root_path", "")
        return RedirectResponse(root + with_query(state.path, state.pairs()), status_code=307)

    def page(self, request: Request) -> Response:
        """The workbench."""
        state, entry, rendition = self._read(request)
        desk = self._desk
        shown = self._shown(state, rendition)
        mail = shown.mail if shown is not None else None
        waits = state.sample == NO_SAMPLE and not state.data and isinstance(rendition.error, ParamsError)
        failure = None if waits else desk.failure(rendition)
        findings = desk.findings(entry, state, rendition)
        locales = desk.locales(entry)
        model = {
            **mails.model(mail, state.look),
            **desk.common(),
            "desk": desk,
            "entry": entry,
            "state": state,
            "current": rendition,
            "stale": rendition.error is not None and shown is not None,
            "failure": failure,
            "waits": waits,
            "findings": findings,
            "samples": list(entry.definition.samples) if entry.definition else [],
            "locales": locales,
            "locale": desk.locale_of(entry, state),
            "themes": desk.project.notifier.themes,
            "views": VIEWS,
            "schemes": SCHEMES,
            "panels": PANELS,
            "around": _around(state, entry, locales, desk.project.notifier.themes),
            "templates": lambda: templates_used(desk.project, entry, rendition),
            "panel": lambda: data_panel(desk, entry, state),
            "transports": desk.project.notifier.transports.names,
        }
        document = None
        if wants_json(request):
            document = self._document(state, entry, rendition)
        return desk.pages.page(request, "workbench.html", model, document)

    def frame(self, request: Request) -> Response:
        """The mail's own document; the last good one where it cannot be rendered now."""
        state, _, rendition = self._read(request)
        shown = self._shown(state, rendition)
        return mails.frame(request, shown.mail if shown else None, state.look)

    def text(self, request: Request) -> Response:
        """The text part."""
        return mails.text(self._rendered(request))

    def html(self, request: Request) -> Response:
        """The HTML part as it would be sent, as a file."""
        return mails.html(self._rendered(request), self._filename(request))

    def eml(self, request: Request) -> Response:
        """The mail as it would be sent, as a file."""
        return mails.eml(self._rendered(request), self._filename(request))

    def png(self, request: Request) -> Response:
        """A picture of the mail, if there is a Chromium to take it."""
        state, _, _ = self._read(request)
        mail = self._rendered(request)
        return Response(self._desk.picture(mail, state.look), media_type="image/png")

    def json(self, request: Request) -> Response:
        """Everything about the mail, as JSON."""
        request.scope["notify.api"] = True
        return self.page(request)

    def part(self, request: Request) -> Response:
        """A part of the mail, as a file."""
        return mails.part(self._rendered(request), request.path_params["index"])

    def _read(self, request: Request) -> tuple[State, Entry, Rendition]:
        state = State.read(request.path_params["notification"], request.path_params["sample"], request.query_params)
        entry = self._desk.entry(state.notification)
        return state, entry, self._desk.rendition(state)

    def _rendered(self, request: Request) -> Any:
        _, _, rendition = self._read(request)
        if rendition.error is not None:
            raise rendition.error
        return rendition.mail

    def _shown(self, state: State, rendition: Rendition) -> Rendition | None:
        return rendition if rendition.error is None else self._desk.renderings.last_good(state)

    @staticmethod
    def _filename(request: Request) -> str:
        state = State.read(request.path_params["notification"], request.path_params["sample"], request.query_params)
        return ".".join(filter(None, (state.notification, state.sample.strip(NO_SAMPLE), state.locale)))

    def _document(self, state: State, entry: Entry, rendition: Rendition) -> dict[str, Any]:
        failure = self._desk.failure(rendition)
        return {
            "notification": entry.id,
            "sample": state.sample,
            "samples": list(entry.definition.samples) if entry.definition else [],
            "locale": self._desk.locale_of(entry, state),
            "locales": list(self._desk.locales(entry)),
            "theme": state.theme,
            "themes": list(self._desk.project.notifier.themes),
            "milliseconds": round(rendition.seconds * 1000, 1),
            "templates": list(rendition.templates),
            "error": failure.as_document() if failure else None,
            "findings": [each.as_document() for each in self._desk.findings(entry, state, rendition)],
            "mail": mails.document(rendition.mail),
            "params": self._desk.params(entry, state),
        }


def first_sample(entry: Entry) -> str:
    """The sample that is shown first: `default`, if there is one."""
    samples = entry.definition.samples if entry.definition is not None else {}
    return "default" if "default" in samples else next(iter(samples), NO_SAMPLE)


def _around(state: State, entry: Entry, locales: Sequence[str], themes: Sequence[str]) -> dict[str, State]:
    """The states that keys lead to: the next and the previous of each thing that can be chosen."""
    samples = list(entry.definition.samples) if entry.definition else []
    found: dict[str, State] = {}
    if state.sample in samples and len(samples) > 1:
        at = samples.index(state.sample)
        found["["] = state.but(sample=samples[at - 1], data="")
        found["]"] = state.but(sample=samples[(at + 1) % len(samples)], data="")
    if len(locales) > 1:
        at = locales.index(state.locale) if state.locale in locales else -1
        found["l"] = state.but(locale=locales[(at + 1) % len(locales)])
        found["L"] = state.but(locale=locales[at - 1 if at >= 0 else len(locales) - 1])
    if themes:
        choices = [None, *themes]
        at = choices.index(state.theme) if state.theme in choices else 0
        found["t"] = state.but(theme=choices[(at + 1) % len(choices)])
    found["d"] = state.but(scheme=SCHEMES[(SCHEMES.index(state.look.scheme) + 1) % len(SCHEMES)])
    found["i"] = state.but(images=not state.look.images)
    found["m"] = state.but(width=375)
    found["w"] = state.but(width=None)
    return found
