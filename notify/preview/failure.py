"""An error as a person looks at it: where, in which lines, by way of what, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, DefinitionError, ParamsError, RenderError
from notify.preview.editor import editor_link
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify import Definition
    from notify.errors import Fault, Location, NotifyError

_AROUND = 2
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, and the URL that opens it in an editor (empty where nobody could use it)."""

    location: Location
    link: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what.
        hint: what was probably meant, or what to do.
        place: where, if a file is to blame.
        excerpt: the lines around it by number.
    """

    message: str
    hint: str = ""
    place: Place | None = None
    excerpt: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail cannot be shown.

    Attributes:
        title: the kind of thing that is wrong.
        problems: each thing that is wrong.
        chain: the templates that led there, outermost first, by name and place.
        variables: the names in scope, each with its type as far as it is known.
    """

    title: str
    problems: tuple[Problem, ...]
    chain: tuple[tuple[str, Place], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    def as_document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "title": self.title,
            "problems": [
                {
                    "message": each.message,
                    "hint": each.hint,
                    "place": str(each.place.location) if each.place else None,
                    "excerpt": [{"line": line, "text": text} for line, text in each.excerpt],
                }
                for each in self.problems
            ],
            "chain": [{"template": name, "place": str(place.location)} for name, place in self.chain],
            "variables": [{"name": name, "type": kind} for name, kind in self.variables],
        }


class Explainer:
    """Makes failures of errors.

    Args:
        base: the folder that paths in errors are relative to.
        secret: a file of which no line is shown, because secrets may be written in it.
        linked: whether the reader sits at this machine, and can open files.
    """

    def __init__(self, base: Path, *, secret: Path | None, linked: bool) -> None:
        self._base = base
        self._secret = secret
        self._linked = linked

    def explain(self, error: NotifyError, definition: Definition | None, values: Mapping[str, Any]) -> Failure:
        """The failure that an error stands for.

        Args:
            error: the error.
            definition: what was rendered, for the types of its params.
            values: the globals, for theirs.
        """
        if isinstance(error, RenderError):
            chain = tuple((frame.template, self.place(frame.location)) for frame in error.chain)
            return Failure(
                "The template failed",
                (self._problem(error.message, error.hint, error.location),),
                chain if len(chain) > 1 else (),
                tuple((name, _kind(name, definition, values)) for name in error.variables),
            )
        if isinstance(error, ParamsError):
            problems = (Problem(str(problem)) for problem in error.problems)
            return Failure("The params are not what the notification declares", tuple(problems))
        if isinstance(error, (DefinitionError, ConfigError)) and error.faults:
            what = "The definition is wrong" if isinstance(error, DefinitionError) else "The configuration is wrong"
            return Failure(what, tuple(self._of_faults(error.faults)))
        return Failure("The mail cannot be built", (Problem(str(error)),))

    def place(self, location: Location) -> Place:
        """A place with its link; in a template that ships with notify by the template's name."""
        link = editor_link(self._base, location) if self._linked else ""
        path = Path(location.path)
        if path.is_relative_to(templates_folder()):
            location = replace(location, path=path.relative_to(templates_folder()).as_posix())
        return Place(location, link)

    def _of_faults(self, faults: Iterable[Fault]) -> list[Problem]:
        return [self._problem(each.message, each.hint, each.location) for each in faults][:_MOST_FAULTS]

    def _problem(self, message: str, hint: str, location: Location) -> Problem:
        return Problem(message, hint, self.place(location), self._excerpt(location))

    def _excerpt(self, location: Location) -> tuple[tuple[int, str], ...]:
        path = self._base / location.path
        if path == self._secret:
            return ()
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError, ValueError):
            return ()
        first = max(location.line - _AROUND, 1)
        return tuple(enumerate(lines[first - 1 : location.line + _AROUND], first))


def _kind(name: str, definition: Definition | None, values: Mapping[str, Any]) -> str:
    """What is known of the type of a name."""
    contract = definition.contract if definition is not None else None
    if contract is not None and name in contract.params:
        return contract.params[name].annotation
    if name in values:
        return type(values[name]).__name__
    return {"recipient": "Address", "recipients": "list of Address", "sender": "Address"}.get(name, "")
