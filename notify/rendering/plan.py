"""Which templates make up a notification in one locale."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound

from notify.definition.model import InPlace, Named
from notify.errors import DefinitionError, Fault
from notify.rendering.compiling import compile_in_place, compile_line
from notify.rendering.direct import Prepared
from notify.rendering.loaders import OutsideError
from notify.rendering.locales import chosen, default_names, names
from notify.rendering.values import may_hold_markup
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment, Template

    from notify.definition.model import AttachmentTemplate, Body, Definition
    from notify.rendering.recording import Recorder

    Line = Template | str
    Stamp = tuple[str, int | None]

_MJML = re.compile(r"\.mjml(?:\.(?:j2|jinja))?$")
LAYOUT = "notify/markdown.html"


@dataclass(frozen=True, slots=True)
class Attached:
    """The templates of one attachment."""

    declared: AttachmentTemplate
    path: Line | None
    filename: Line | None
    type: Line | None
    cid: Line | None
    method: Line | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A notification's templates in one locale, compiled; a line without expressions is its own text.

    `layout` is given where `markdown` is. `names` are the templates that were looked for, there or not; `folders` says
    how the folders looked in which that was done.
    """

    definition: Definition
    subject: Line
    preheader: Line
    html: Template | None
    text: Template | None
    markdown: Template | None
    layout: Template | None
    headers: tuple[tuple[str, Line], ...]
    tags: tuple[Line, ...]
    attachments: tuple[Attached, ...]
    marked: bool
    names: tuple[str, ...]
    folders: tuple[Stamp, ...]
    prepared: Prepared = field(default_factory=Prepared)

    def is_fresh(self) -> bool:
        """Whether the files are still the ones that were compiled, and no other was added beside them."""
        return (
            all(_stamp(path) == stamp for path, stamp in self.folders)
            and all(
                template is None or template.is_up_to_date
                for template in (self.html, self.text, self.markdown, self.layout)
            )
            and self.prepared.is_fresh()
        )


class Planner:
    """Finds and compiles the templates of definitions."""

    def __init__(
        self,
        *,
        html: Environment,
        text: Environment,
        markdown: Environment,
        folders: Sequence[Path],
        default: str,
        recorder: Recorder,
    ) -> None:
        self._html = html
        self._text = text
        self._markdown = markdown
        self._folders = folders
        self._default = default
        self._recorder = recorder
        self._kept: dict[str, _Kept] = {}

    def forget(self) -> None:
        """Drop what was compiled in place: it is kept for the definition's other locales, and for no longer."""
        self._kept.clear()

    def plan(self, definition: Definition, locale: str) -> Plan:
        """The templates of a definition in a locale.

        Raises:
            DefinitionError: it names a template that is not there, or has no body at all.
            jinja2.TemplateError: a template is wrong.
        """
        kept = self._kept.get(definition.id)
        if kept is None or kept.definition is not definition:
            kept = self._kept[definition.id] = _Kept(definition)
        searched = _Search(definition, locale, self._default)
        try:
            return self._plan(definition, locale, kept, searched)
        finally:
            self._recorder.templates(searched.names)

    def _plan(self, definition: Definition, locale: str, kept: _Kept, searched: _Search) -> Plan:
        def line(in_place: InPlace) -> Line:
            return kept.line(self._text, in_place)

        def localized(variants: Mapping[str, InPlace]) -> Line:
            found = chosen(variants, locale, self._default)
            return "" if found is None else line(found)

        def body(environment: Environment, declared: Body | None) -> Template | None:
            if isinstance(declared, InPlace):
                return kept.body(environment, declared)
            return None if declared is None else self._named(environment, declared, searched)

        markdown = body(self._markdown, definition.markdown)
        html = None
        if definition.markdown is None:
            html = body(self._html, definition.html) or self._default_body(self._html, searched, "html")
        text = body(self._text, definition.text)
        if text is None and not definition.text_auto:
            text = self._default_body(self._text, searched, "txt")
        if html is None and text is None and markdown is None:
            raise DefinitionError([searched.nothing()])
        return Plan(
            definition=definition,
            subject=localized(definition.subject),
            preheader=localized(definition.preheader),
            html=html,
            text=text,
            markdown=markdown,
            layout=self._layout(definition, searched) if markdown else None,
            headers=tuple((name, line(value)) for name, value in definition.headers.items()),
            tags=tuple(map(line, definition.tags)),
            attachments=tuple(_attached(declared, line) for declared in definition.attachments),
            marked=may_hold_markup(definition.contract),
            names=tuple(searched.names),
            folders=tuple((path, _stamp(path)) for path in self._watched(searched)),
        )

    def _layout(self, definition: Definition, searched: _Search) -> Template:
        if definition.markdown_layout is None:
            searched.names.append(LAYOUT)
            return self._html.get_template(LAYOUT)
        return self._named(self._html, definition.markdown_layout, searched)

    def _named(self, environment: Environment, named: Named, searched: _Search) -> Template:
        if _MJML.search(named.name):
            raise DefinitionError([Fault(named.location, "MJML is not supported yet", "write the template in HTML")])
        try:
            found = _first(environment, searched.variants(named.name))
        except OutsideError as error:
            raise DefinitionError([Fault(named.location, str(error))]) from None
        if found is not None:
            return found
        hint = did_you_mean(named.name, environment.list_templates())
        raise DefinitionError([Fault(named.location, f"there is no template {named.name!r}", hint)])

    def _default_body(self, environment: Environment, searched: _Search, suffix: str) -> Template | None:
        # The nearest locale counts more than the ending.
        by_locale = zip(*map(searched.variants, default_names(searched.definition.id, suffix)), strict=True)
        return _first(environment, [name for same_locale in by_locale for name in same_locale])

    def _watched(self, searched: _Search) -> list[str]:
        inner = {os.path.dirname(name) for name in searched.names}  # noqa: PTH120  # names of templates, not paths
        return sorted(str(folder / each) for folder in self._folders for each in inner)


class _Kept:
    """What was compiled in place for a definition, which it holds on to, since the places are known by identity."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._lines: dict[int, Line] = {}
        self._bodies: dict[int, Template] = {}

    def line(self, environment: Environment, in_place: InPlace) -> Line:
        known = self._lines.get(id(in_place))
        if known is None:
            known = self._lines[id(in_place)] = compile_line(environment, in_place)
        return known

    def body(self, environment: Environment, in_place: InPlace) -> Template:
        known = self._bodies.get(id(in_place))
        if known is None:
            known = self._bodies[id(in_place)] = compile_in_place(environment, in_place)
        return known


class _Search:
    """What was looked for on behalf of a definition."""

    def __init__(self, definition: Definition, locale: str, default: str) -> None:
        self.definition = definition
        self.names: list[str] = []
        self._locales = (locale, default)

    def variants(self, name: str) -> list[str]:
        found = list(names(name, *self._locales))
        self.names += found
        return found

    def nothing(self) -> Fault:
        stem = self.definition.id.replace(".", "/")
        return Fault(
            self.definition.location,
            f"{self.definition.id} has no body: no `html`, `text` or `markdown`, no template {stem}.html or {stem}.txt",
            "write one of them in place, or put the template into the templates folder",
        )


def _attached(declared: AttachmentTemplate, line: Callable[[InPlace], Line]) -> Attached:
    fields = (declared.path, declared.filename, declared.type, declared.cid, declared.method)
    return Attached(declared, *(None if each is None else line(each) for each in fields))


def _first(environment: Environment, wanted: Sequence[str]) -> Template | None:
    for name in wanted:
        try:
            return environment.get_template(name)
        except TemplateNotFound as error:
            # A template that was found may itself be missing another; that is for whoever renders it.
            if error.name != name:
                raise
    return None


def _stamp(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116  # it runs for every message
    except OSError:
        return None
