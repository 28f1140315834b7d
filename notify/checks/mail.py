"""A rendered sample: what rules about mails look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from notify.checks.reading.bodies import of_markdown, of_text
from notify.checks.reading.page import Page
from notify.checks.reading.pictures import Picture, pictures
from notify.checks.reading.targets import targets
from notify.definition.model import InPlace, Named
from notify.errors import Location
from notify.markup.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify.checks.placing import Placed, Spot
    from notify.checks.reading.targets import Target
    from notify.checks.whole import Whole
    from notify.configuration.checking import CheckSettings
    from notify.definition import Definition
    from notify.markup.tokens import Token
    from notify.message import Message

_SHIPPED = "notify/"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One sample of a notification in one locale, rendered.

    Attributes:
        definition: the notification.
        sample: the sample's name.
        locale: the locale.
        params: the sample's params, as the templates see them.
        message: the message that would be sent.
        source: its HTML as the templates print it, before the CSS is inlined, with the places; None if there is none.
        plain: its text, likewise.
        settings: what notify.yaml says of checks.
        path_of: the path of a template by its name, as messages show it; None if it has no file of the project.
        whole: the project: its configuration, its transport, and where the keys of the definition stand.
    """

    definition: Definition
    sample: str
    locale: str
    params: Mapping[str, Any]
    message: Message
    source: Placed | None
    plain: Placed | None
    settings: CheckSettings
    path_of: Callable[[str], str | None]
    whole: Whole

    @property
    def document(self) -> str:
        """The HTML as the templates print it; empty if there is none."""
        return self.source.text if self.source else ""

    @property
    def html(self) -> str:
        """The HTML as it is sent; empty if there is none."""
        return self.message.html or ""

    @property
    def text(self) -> str:
        """The text as it is sent; empty if there is none."""
        return self.message.text or ""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of `document`."""
        return tuple(tokens(self.document))

    @cached_property
    def page(self) -> Page:
        """The HTML as it is sent, as a tree of elements."""
        return Page(self.html, self.tokens)

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures that the elements of the page show, hidden ones too."""
        return pictures(self.page, self.message.attachments)

    @cached_property
    def octets(self) -> bytes:
        """The whole message, as a server without any extension gets it."""
        return self.message.as_bytes(smtputf8=True)

    def at(self, offset: int) -> Location:
        """Where the letter of `document` at an offset comes from: a line of a template of the project."""
        if self.source is not None and not self.source.spots:
            return of_markdown(self, offset)
        return self._place(self.source, offset, self.at_html)

    def at_plain(self, offset: int) -> Location:
        """Where the letter of the text at an offset comes from."""
        if self.plain is not None and not self.plain.spots:
            return of_text(self, offset)
        return self._place(self.plain, offset, self.at_text)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Its links: those of the HTML, then those of a text that somebody has written."""
        return tuple(targets(self))

    @cached_property
    def text_is_derived(self) -> bool:
        """Whether nobody has written the text: it is what the HTML, or the Markdown, says."""
        if self.definition.text_auto or not self.html:
            return self.definition.text_auto
        sources = self.whole.sources.of(self.definition)
        return not any(source.part == "text" and source.found for source in sources)

    @property
    def at_html(self) -> Location:
        """Where the definition names or holds the HTML."""
        return self._body(self.definition.html, self.definition.markdown)

    @property
    def at_text(self) -> Location:
        """Where the definition names or holds the text."""
        return self._body(self.definition.text, self.definition.markdown, self.definition.html)

    @property
    def at_subject(self) -> Location:
        """Where the subject of this locale stands."""
        return self._line(self.definition.subject)

    @property
    def at_preheader(self) -> Location:
        """Where the preheader of this locale stands, or else the subject."""
        return self._line(self.definition.preheader or self.definition.subject)

    def _line(self, lines: Mapping[str, InPlace]) -> Location:
        for locale in (self.locale, self.locale.partition("-")[0], ""):
            if locale in lines:
                return lines[locale].location
        return next((line.location for line in lines.values()), self.definition.location)

    def _body(self, *bodies: InPlace | Named | None) -> Location:
        return next((body.location for body in bodies if body is not None), self.definition.location)

    def _place(self, placed: Placed | None, offset: int, fallback: Location) -> Location:
        if placed is None:
            return fallback
        spot = placed.spot(offset, self._is_ours)
        if spot is None:  # what a layout prints before anything of the notification's own
            spot = next(((name, 1) for name, _ in placed.spots if self._is_ours(name)), None)
        return fallback if spot is None else self._location(spot, fallback)

    def _is_ours(self, name: str) -> bool:
        if name == self.definition.location.path:
            # Its subject is printed by layouts as well, and says nothing of where that is.
            bodies = (self.definition.html, self.definition.markdown, self.definition.text)
            return any(isinstance(body, InPlace) for body in bodies)
        return not name.startswith(_SHIPPED) and self.path_of(name) is not None

    def _location(self, spot: Spot, fallback: Location) -> Location:
        name, line = spot
        if name != self.definition.location.path:
            return Location(self.path_of(name) or name, line)
        # A template that is written in the definition counts its own lines.
        bodies = (self.definition.html, self.definition.markdown, self.definition.text)
        body = next((each for each in bodies if isinstance(each, InPlace) and each.location == fallback), None)
        if body is None or not body.by_line:
            return fallback
        return Location(fallback.path, fallback.line + line - 1, fallback.column if line == 1 else 1 + body.indent)
