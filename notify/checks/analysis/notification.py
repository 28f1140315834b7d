"""All templates of a notification, each followed with the names that it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.checks.analysis.declaring import Declarations, of_global, reserved
from notify.checks.analysis.found import Notes
from notify.checks.analysis.frame import Frame, Run
from notify.checks.analysis.library import Library
from notify.checks.analysis.scope import Scope
from notify.checks.analysis.statements import Statements
from notify.checks.analysis.values import ANY, Special, Value, of, scalar
from notify.definition import InPlace, Named
from notify.rendering.locales import variants
from notify.rendering.plan import LAYOUT
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from jinja2 import BaseLoader, Environment

    from notify.checks.analysis.found import Found
    from notify.checks.analysis.frame import Part
    from notify.checks.analysis.library import Parsed
    from notify.definition import Definition
    from notify.errors import Location
    from notify.rendering import Source

_PEOPLE = ("recipient", "recipients", "sender", "notification", "locale")


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is found in a notification's templates, and the names of the templates that were asked for."""

    found: tuple[Found, ...]
    templates: tuple[str, ...]


class Templates:
    """Analyses notifications; each template of the environment is parsed once.

    Args:
        environment: the environment that templates are compiled in, with the filters, tests and globals of plugins.
        loader: where templates come from.
        shown_from: paths below this folder are shown relative to it.
    """

    def __init__(self, environment: Environment, loader: BaseLoader, shown_from: Path | None = None) -> None:
        self.library = Library(environment, loader, shown_from)
        self._globals = {name: of_global(value) for name, value in environment.globals.items()}

    def analyse(
        self,
        definition: Definition,
        sources: Iterable[Source],
        *,
        more: Collection[str] | None = (),
        key: Callable[[str], Location] | None = None,
    ) -> Analysed:
        """What is found in all parts and locales of a notification.

        Args:
            definition: the notification.
            sources: where its bodies come from.
            more: names that plugins add to the context; None where they are not known.
            key: where the key of a param stands in the definition's file.
        """
        self.library.asked.clear()
        one = _Notification(self.library, self._globals, definition, more)
        one.lines()
        for source in sources:
            one.body(source)
        one.unused(key)
        return Analysed(one.notes.found(), tuple(sorted(self.library.asked)))


class _Notification:
    def __init__(
        self,
        library: Library,
        names: Mapping[str, Value],
        definition: Definition,
        more: Collection[str] | None,
    ) -> None:
        self.notes = Notes()
        self._library = library
        self._definition = definition
        contract = definition.contract
        self._params = {} if contract is None else Declarations(contract).params()
        self._is_open = contract is None or more is None
        self._is_extended = more is None or bool(more)
        self._globals = {**names, "self": of(Special("self"))}
        self._context = {**self._globals, **dict.fromkeys(more or (), ANY), **self._params}
        self._reserved = reserved()

    def lines(self) -> None:
        """What is written in place and makes a line: subject, preheader, headers, tags, names of attachments."""
        definition = self._definition
        people = self._names(*_PEOPLE)
        for template in definition.subject.values():
            self._follow(self._library.in_place(template), "line", people)
        for template in definition.preheader.values():
            # Line breaks in a preheader become blanks.
            self._follow(self._library.in_place(template), "text", {**people, **self._names("subject")})
        names = self._names(*self._reserved)
        for template in (*definition.headers.values(), *definition.tags, *self._attached()):
            self._follow(self._library.in_place(template), "line", names)

    def body(self, source: Source) -> None:
        """A body in one locale."""
        declared = getattr(self._definition, source.part)
        names = self._names(*self._reserved)
        if source.name is not None:
            parsed = self._library.file(source.name)
        else:
            parsed = self._library.in_place(declared) if isinstance(declared, InPlace) else None
        if parsed is None:
            self._absent(source.name or "", source.location or self._definition.location)
        else:
            part: Part = "html" if source.part == "html" else "markdown" if source.part == "markdown" else "text"
            self._follow(parsed, part, names)
        if source.part == "markdown":
            self._layouts(names)

    def unused(self, key: Callable[[str], Location] | None) -> None:
        """Note the params that no template uses."""
        contract = self._definition.contract
        # What plugins add to the context may be made of any param.
        if contract is None or contract.model is not None or self._is_extended or not self.notes.is_complete:
            return
        attached = {attachment.param for attachment in self._definition.attachments}
        for name, param in contract.params.items():
            if name not in self.notes.used and name not in attached:
                location = param.location if key is None else key(name)
                self.notes.add(
                    "unused-param", location, f"no template uses the param {name!r}", "remove it, or show it"
                )

    def _layouts(self, names: Mapping[str, Value]) -> None:
        layout = self._definition.markdown_layout
        name = layout.name if isinstance(layout, Named) else LAYOUT
        found = variants([name], self._library.names()) or {"": name}
        for each in found.values():
            parsed = self._library.file(each)
            if parsed is not None:
                self._follow(parsed, "html", {**names, "content": scalar("markup")})
            elif layout is not None:
                self._absent(name, layout.location)

    def _follow(self, parsed: Parsed, part: Part, names: Mapping[str, Value]) -> None:
        run = Run(self._library, self.notes, part, self._globals, frozenset(self._params))
        scope = Scope({**self._context, **names}, is_open=self._is_open)
        statements = Statements()
        frame = Frame(run, parsed.written, scope, {})
        try:
            statements.composing.root(parsed, frame)
            statements.finish(frame)
        except RecursionError:  # a deep expression; whether it can be compiled, rendering tells
            self.notes.is_complete = False

    def _names(self, *names: str) -> dict[str, Value]:
        return {name: self._reserved[name] for name in names}

    def _absent(self, name: str, location: Location) -> None:
        hint = did_you_mean(name, self._library.names())
        self.notes.add("missing-template", location, f"there is no template {name!r}", hint)
        self.notes.is_complete = False

    def _attached(self) -> Iterator[InPlace]:
        for attachment in self._definition.attachments:
            for template in (
                attachment.path, attachment.filename, attachment.type, attachment.cid, attachment.method,
            ):  # fmt: skip
                if template is not None:
                    yield template
