"""What went wrong in a template, in a person's words and with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from jinja2 import (
    Template,
    TemplateError,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.utils import internal_code, missing

from notify.errors import Frame, Location, RenderError
from notify.rendering.compiling import InPlaceSyntaxError, InPlaceTemplate
from notify.rendering.limits import LimitError
from notify.rendering.preheader import PREHEADER
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import FrameType

    from jinja2 import Environment

    from notify.definition.model import InPlace

_HELPERS = frozenset({"range", "dict", "cycler", "joiner", "namespace", PREHEADER})
_UNKNOWN = re.compile(r"No (filter|test) named '(\w+)'")
_LOCAL = re.compile(r"l_\d+_")
_LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a template, and which names it could use."""

    name: str
    path: str
    line: int
    in_place: InPlace | None = None
    names: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What to say; `needle` is what to look for in the line, to tell the column."""

    message: str
    hint: str = ""
    needle: str = ""


class Failures:
    """Turns whatever a rendering raised into a RenderError."""

    def __init__(self, environment: Environment, shown_from: Path | None) -> None:
        self._environment = environment
        self._shown_from = shown_from

    def explain(
        self, error: Exception, *, fallback: InPlace | Location, context: Mapping[str, Any], secrets: Sequence[str]
    ) -> RenderError:
        """The RenderError for `error`.

        Args:
            error: what was raised while compiling or rendering.
            fallback: where to point if no template was running.
            context: what the templates saw.
            secrets: texts that must not be in the error.
        """
        places = _places(error)
        to_blame = _to_blame(places, _undefined(error))
        guilty = to_blame[-1] if to_blame else None
        names = _in_scope(to_blame, context)
        source = _source(guilty)
        words = self._words(error, names, source.get(guilty.line, "") if guilty else "")
        if guilty is None:
            location = fallback if isinstance(fallback, Location) else fallback.location
        else:
            location = self._location(guilty, _column(guilty, source, words.needle))
        chain = [Frame(self._shown(place.name), self._location(place)) for place in places]
        return RenderError(
            _without(secrets, words.message),
            location,
            hint=_without(secrets, words.hint),
            chain=chain if len(chain) <= _LONGEST_CHAIN else chain[:5] + chain[-5:],
            excerpt=_excerpt(source, guilty.line) if guilty else "",
            variables=names,
        )

    def _words(self, error: Exception, names: Sequence[str], line: str) -> _Words:
        undefined = _undefined(error)
        if undefined is not None:
            return _about_undefined(undefined, names, line, str(error))
        if isinstance(error, TemplateNotFound):
            return self._about_missing(error)
        unknown = _UNKNOWN.search(str(error))
        if unknown is not None:
            known = self._environment.filters if unknown[1] == "filter" else self._environment.tests
            message = f"there is no {unknown[1]} {unknown[2]!r}"
            return _Words(message, did_you_mean(unknown[2], known), unknown[2])
        if isinstance(error, RecursionError):
            return _Words("templates include, extend or call one another without end")
        if isinstance(error, TemplateError):
            hint = "templates may use what they are given, and nothing behind it"
            return _Words(error.message or type(error).__name__, hint if isinstance(error, SecurityError) else "")
        return _Words(f"{type(error).__name__}: {error}")

    def _about_missing(self, error: TemplateNotFound) -> _Words:
        names = error.templates if isinstance(error, TemplatesNotFound) else [error.name]
        wanted = [str(name) for name in names]
        suffix = Path(wanted[-1]).suffix
        alike = [name for name in self._environment.list_templates() if Path(name).suffix == suffix]
        named = " or ".join(map(repr, wanted))
        return _Words(f"there is no template {named}", did_you_mean(wanted[-1], alike), wanted[-1])

    def _location(self, place: _Place, column: int = 1) -> Location:
        return Location(self._shown(place.path), place.line, column)

    def _shown(self, path: str) -> str:
        if self._shown_from is not None and Path(path).is_relative_to(self._shown_from):
            return Path(path).relative_to(self._shown_from).as_posix()
        return path


def _places(error: Exception) -> list[_Place]:
    """The lines of templates that were running, outermost first; a syntax error's own line comes last."""
    places: list[_Place] = []
    contexts: dict[str, frozenset[str]] = {}
    for frame, line in walk_tb(error.__traceback__):
        template = frame.f_globals.get("__jinja_template__")
        # Jinja2 puts helpers of its own into the module of a template.
        if not isinstance(template, Template) or frame.f_code in internal_code:
            continue
        in_place = template.in_place if isinstance(template, InPlaceTemplate) else None
        path = template.filename or template.name or "<template>"
        # Macros and loops do not always hold the context themselves; their template does.
        if "context" in frame.f_locals:
            contexts[path] = frozenset(frame.f_locals["context"].get_all())
        names = contexts.get(path, frozenset()) | _locals(frame)
        place = _Place(template.name or path, path, template.get_corresponding_lineno(line), in_place, names)
        if places and (places[-1].path, places[-1].line) == (place.path, place.line):
            # A macro or a loop within the line: its names are the ones that count.
            places.pop()
        places.append(place)
    if isinstance(error, TemplateSyntaxError):
        path = error.filename or error.name or "<template>"
        in_place = error.in_place if isinstance(error, InPlaceSyntaxError) else None
        places.append(_Place(error.name or path, path, error.lineno, in_place))
    elif not places and isinstance(error, LimitError) and error.template is not None:
        places.append(_begin(error.template))
    return places


def _to_blame(places: list[_Place], undefined: Undefined | None) -> list[_Place]:
    """The places up to the one to blame: the innermost, or the one that handed an undefined value on to it.

    A macro is given what is not defined as an argument, and fails only where it prints it, under another name.
    """
    name = undefined._undefined_name if undefined is not None else None  # noqa: SLF001  # Jinja2 has no other way to ask
    if isinstance(name, str):
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for number in range(len(places), 0, -1):
            place = places[number - 1]
            if word.search(_source(place).get(place.line, "")):
                return places[:number]
    return places


def _begin(template: Template) -> _Place:
    path = template.filename or template.name or "<template>"
    if isinstance(template, InPlaceTemplate):
        return _Place(path, path, template.in_place.location.line, template.in_place)
    return _Place(template.name or path, path, 1)


def _source(place: _Place | None) -> dict[int, str]:
    """The lines of the file that a place lies in, by number."""
    if place is None:
        return {}
    if place.in_place is not None:
        lines = place.in_place.source.splitlines()
        if not place.in_place.by_line:
            return {place.line: " ".join(place.in_place.source.split())}
        return dict(enumerate(lines, place.in_place.location.line))
    try:
        return dict(enumerate(Path(place.path).read_text(encoding="utf-8").splitlines(), 1))
    except (OSError, UnicodeError, ValueError):
        return {}


def _column(place: _Place, source: Mapping[int, str], needle: str) -> int:
    """Where `needle` stands in the line, from 1; else where the line's text begins."""
    text = source.get(place.line, "")
    found = re.search(rf"(?<![\w]){re.escape(needle)}(?!\w)", text) if needle else None
    offset = found.start() if found else len(text) - len(text.lstrip())
    if place.in_place is None:
        return offset + 1
    if not place.in_place.by_line:
        return place.in_place.location.column
    first = place.line == place.in_place.location.line
    return offset + (place.in_place.location.column if first else place.in_place.indent + 1)


def _excerpt(source: Mapping[int, str], line: int) -> str:
    shown = [number for number in (line - 1, line, line + 1) if number in source]
    width = len(str(max(shown, default=0)))
    return "\n".join(f"  {'>' if number == line else ' '} {number:{width}} | {source[number]}" for number in shown)


def _locals(frame: FrameType) -> set[str]:
    """The names of a template's local variables, which are called l_DEPTH_NAME when compiled."""
    assigned = (name for name, value in frame.f_locals.items() if _LOCAL.match(name) and value is not missing)
    return {name.split("_", 2)[2] for name in assigned}


def _in_scope(places: Sequence[_Place], context: Mapping[str, Any]) -> list[str]:
    """The names that the innermost template could use."""
    inner = places[-1].names if places else None
    names = set(context if inner is None else inner)
    if PREHEADER in names:
        names.add("preheader")
    return sorted(names - _HELPERS)


def _undefined(error: Exception) -> Undefined | None:
    """The undefined value that raised the error: it is the `self` of the last frame."""
    if not isinstance(error, UndefinedError):
        return None
    found = None
    for frame, _line in walk_tb(error.__traceback__):
        owner = frame.f_locals.get("self")
        if isinstance(owner, Undefined):
            found = owner
    return found


def _about_undefined(undefined: Undefined, names: Sequence[str], line: str, text: str) -> _Words:
    name = undefined._undefined_name  # noqa: SLF001  # Jinja2 has no other way to ask
    owner = undefined._undefined_obj  # noqa: SLF001
    if undefined._undefined_hint or not isinstance(name, str):  # noqa: SLF001
        return _Words(text)
    if owner is missing:
        return _Words(f"{name!r} is not defined", did_you_mean(name, names), name)
    whose = re.search(rf"([\w.]+)\s*\.\s*{re.escape(name)}\b", line)
    known = owner if isinstance(owner, Mapping) else dir(owner)
    fields = [each for each in known if isinstance(each, str) and each.isidentifier() and not each.startswith("_")]
    described = whose[1] if whose else f"a {type(owner).__name__}"
    return _Words(f"{described} has no {name!r}", did_you_mean(name, fields), name)


def _without(secrets: Iterable[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
