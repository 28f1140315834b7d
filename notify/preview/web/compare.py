"""Many mails on one page: all samples in all locales, and one mail beside another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from notify.definition import RECIPIENT
from notify.errors import ConfigError, NotifyError
from notify.preview.differences import Sides, as_text, differences
from notify.preview.opened import open_mail
from notify.preview.renderings import fixed
from notify.preview.state import SCHEMES, State

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from notify.preview.desk import Desk
    from notify.preview.differences import Section
    from notify.preview.opened import Opened


class Compare:
    """The pages `matrix` and `diff` of a notification."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where they are."""
        below = "/n/{notification}/{sample}"
        return [Route(f"{below}/matrix", self.matrix), Route(f"{below}/diff", self.diff)]

    def matrix(self, request: Request) -> Response:
        """A frame for each sample in each locale, drawn when it comes into sight."""
        state = self._state(request)
        entry = self._desk.entry(state.notification)
        samples = list(entry.definition.samples) if entry.definition else []
        locales = self._desk.locales(entry)
        rows = [(name, [state.but(sample=name, locale=locale, data="") for locale in locales]) for name in samples]
        model = {
            **self._desk.common(), "entry": entry, "state": state, "rows": rows, "locales": locales, "schemes": SCHEMES,
        }  # fmt: skip
        document = {"notification": entry.id, "samples": samples, "locales": list(locales)}
        return self._desk.pages.page(request, "matrix.html", model, document)

    def diff(self, request: Request) -> Response:
        """What differs from `?against=golden`, `sample:NAME` or `git:REVISION`."""
        state = self._state(request)
        entry = self._desk.entry(state.notification)
        against = request.query_params.get("against", "") or "golden"
        sections: tuple[Section, ...] = ()
        problem = None
        try:
            rendition = self._desk.rendition(state)
            if rendition.error is not None:
                raise rendition.error
            if rendition.mail is not None:
                sections = differences(sides(self._other(state, against)), sides(rendition.mail))
        except NotifyError as error:
            problem = str(error)
        samples = [name for name in (entry.definition.samples if entry.definition else ()) if name != state.sample]
        model = {
            **self._desk.common(), "entry": entry, "state": state, "against": against, "sections": sections,
            "problem": problem, "samples": samples, "golden": self._desk.golden.shown(state, self._locale(state)),
        }  # fmt: skip
        document = {
            "against": against,
            "error": problem,
            "unified": as_text(sections),
            "same": problem is None and all(section.same for section in sections),
            "sections": [
                {
                    "name": section.name,
                    "same": section.same,
                    "hunks": [
                        [{"kind": line.kind, "text": line.text} for line in hunk.lines] for hunk in section.hunks
                    ],
                }
                for section in sections
            ],
        }
        return self._desk.pages.page(request, "diff.html", model, document)

    def _other(self, state: State, against: str) -> Opened:
        kind, _, name = against.partition(":")
        if kind == "golden":
            return open_mail(self._desk.golden.read(state, self._locale(state)))
        if kind == "sample" and name:
            rendition = self._desk.rendition(state.but(sample=name, data=""))
            if rendition.mail is None:
                raise rendition.error or ConfigError(f"the sample {name!r} cannot be rendered")
            return rendition.mail
        if kind == "git" and name and self._desk.local:
            return self._of_revision(state, name)
        raise ConfigError("compare with golden, sample:NAME or git:REVISION")

    def _of_revision(self, state: State, revision: str) -> Opened:
        entry = self._desk.entry(state.notification)
        notifier = self._desk.revisions.notifier(revision)
        definition = notifier.catalog[entry.id]
        sample = definition.samples.get(state.sample)
        drafted = self._desk.drafted(state)
        message = notifier.for_samples().render(
            entry.id,
            to=(sample.to if sample else None) or RECIPIENT,
            params=drafted if drafted is not None else sample.params if sample else self._desk.params(entry, state),
            locale=self._locale(state),
            theme=state.theme,
        )
        message = fixed(message)
        return open_mail(message.as_bytes(smtputf8=message.needs_smtputf8))

    def _locale(self, state: State) -> str:
        return self._desk.locale_of(self._desk.entry(state.notification), state)

    @staticmethod
    def _state(request: Request) -> State:
        return State.read(request.path_params["notification"], request.path_params["sample"], request.query_params)


def sides(mail: Opened) -> Sides:
    """What of a mail is compared."""
    return Sides(mail.html, mail.text, [(header.name, header.value) for header in mail.headers])
