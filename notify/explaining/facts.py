"""Facts about a message, each with what decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import Location, NotifyError

By = Literal["call", "file", "variable", "plugin", "default", "derived"]
"""An option of the call, a line of a file, an environment variable, a plugin, what is built in, or another fact."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What decided a fact.

    Attributes:
        by: of which kind it is.
        words: the same for people: the option, the variable, the plugin.
        location: where it is written, if a file decided.
    """

    by: By
    words: str = ""
    location: Location | None = None

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.words, str(self.location or ""))))


BUILT_IN = Origin("default", "the built-in default")


def option(name: str) -> Origin:
    """An option of the call."""
    return Origin("call", f"the call, {name}")


def plugin(name: str) -> Origin:
    """A plugin."""
    return Origin("plugin", f"the plugin {name!r}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a fact, and the class of the error that a call would raise because of it."""

    error: type[NotifyError]
    text: str

    @classmethod
    def of(cls, error: NotifyError) -> Self:
        """An error as a problem."""
        return cls(type(error), str(error))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that holds for a message.

    Attributes:
        name: what it is about.
        value: as JSON has it; None where there is none.
        origin: what decided it.
        problems: what is wrong with it.
        inner: facts about its parts.
    """

    name: str
    value: Any
    origin: Origin | None = None
    problems: tuple[Problem, ...] = ()
    inner: tuple[Fact, ...] = ()

    def every_problem(self) -> Iterator[Problem]:
        """Its own problems and those of its parts."""
        yield from self.problems
        for fact in self.inner:
            yield from fact.every_problem()


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together; `key` stays the same for programs."""

    key: str
    title: str
    facts: tuple[Fact, ...]
