"""Where the following of a template stands, and what it has learned so far."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateSyntaxError

from notify.adopting.django import foreign_constructs
from notify.adopting.slots import OWN, Slot, Val, either
from notify.errors import Fault, Location
from notify.params import RESERVED_NAMES, SAMPLE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2 import BaseLoader, Environment, nodes

_SHIPPED = "notify/"
_TAIL = 400
_DEEPEST = 40
_MOST_ENTERED = 3000
_NUMERIC = frozenset({"number", "money", "int", "float"})
_PEOPLE = {"recipient": {"name", "email"}, "sender": {"name", "email"}, "notification": {"id", "category"}}


@dataclass(slots=True)
class Source:
    """A template that is followed: its name, its path as shown, its tree."""

    name: str
    path: str
    tree: nodes.Template

    @property
    def is_shipped(self) -> bool:
        """Whether it ships with notify."""
        return self.name.startswith(_SHIPPED)


@dataclass(slots=True, eq=False)
class Here:
    """A place in a template.

    Attributes:
        source: the template.
        scope: the names that it has made so far.
        blocks: the definitions of each block, the innermost template's first.
        block: the block that is followed and which of its definitions.
        root: the names that blocks see.
        is_silent: whether what is printed there goes nowhere, since the template extends another.
        is_closed: whether it does not see the params.
    """

    source: Source
    scope: dict[str, Val]
    blocks: dict[str, list[tuple[Source, nodes.Block]]] = field(default_factory=dict)
    block: tuple[str, int] | None = None
    root: dict[str, Val] | None = None
    is_silent: bool = False
    is_closed: bool = False


class State:
    """What is learned: the params, what keeps the template from being adopted, and what a person should know.

    Args:
        environment: the environment that templates are compiled in.
        loader: where templates come from.
        shown: the path of a template's file as messages show it.
    """

    def __init__(self, environment: Environment, loader: BaseLoader, shown: Callable[[str], str]) -> None:
        self.environment = environment
        self.params: dict[str, Slot] = {}
        self.problems: dict[Fault, None] = {}
        self.notes: dict[Fault, None] = {}
        self.known: frozenset[Slot] = frozenset()
        """What is known to be there, after a question."""
        self.tail = ""
        """The last of what was printed."""
        self.is_shipped = False
        """Whether a template that ships with notify is followed."""
        self.is_line = False
        """Whether what is followed makes one line, such as a subject."""
        self._loader = loader
        self._shown = shown
        self._sources: dict[str, Source | None] = {}
        self._depth = 0
        self._entered = 0

    def source(self, name: str) -> Source | None:
        """The template of that name; None if there is none, or it cannot be parsed, which is noted."""
        if name not in self._sources:
            self._sources[name] = self._read(name)
        return self._sources[name]

    def exists(self, name: str) -> bool:
        """Whether there is such a template."""
        try:
            self._loader.get_source(self.environment, name)
        except TemplateError:
            return False
        return True

    def in_place(self, text: str, path: str, line: int) -> Source | None:
        """A template that is given as text."""
        try:
            return Source(path, path, self.environment.parse(text, path))
        except TemplateSyntaxError as error:
            self.problems[Fault(Location(path, line), f"this is no template: {error.message}")] = None
            return None

    def _read(self, name: str) -> Source | None:
        try:
            text, filename, _ = self._loader.get_source(self.environment, name)
        except TemplateError:
            return None
        path = self._shown(filename or name)
        found = list(foreign_constructs(text, path, self.environment))
        if found:
            self.problems.update(dict.fromkeys(found))
            return None
        try:
            return Source(name, path, self.environment.parse(text, name, filename))
        except TemplateSyntaxError as error:
            at = Location(path, error.lineno or 1)
            self.problems[Fault(at, f"Jinja2 cannot parse this: {error.message}")] = None
            return None

    def lookup(self, name: str, here: Here, line: int) -> Val:
        """The value of a name."""
        found = here.scope.get(name)
        if found is not None and isinstance(found.special, tuple) and found.special[0] == "maybe":
            message = f"{name!r} is set in one arm of an `if` only; elsewhere it is read as a param"
            self.note(here, line, message, "set it in the other arm too")
            return either(found.special[1], self._param(name, here, line))
        if found is not None:
            return found
        given = self._given(name, here, line)
        if given is not None:
            return given
        if here.is_closed:
            hint = "import it `with context`, or hand the value over as an argument"
            self.problem(here, line, f"{name!r} is read in a template that is imported without the context", hint)
            return OWN
        return self._param(name, here, line)

    def _given(self, name: str, here: Here, line: int) -> Val | None:
        """What templates have without params: globals, notify's own names and Jinja2's."""
        if name in self.environment.globals:
            return Val(special=("global", name))
        if name in RESERVED_NAMES:
            if name == "preheader" and not here.source.is_shipped:
                hint = "write one there, or say {% if preheader %}"
                self.note(here, line, "`preheader` is the definition's own, which has none yet", hint)
            return Val(special=("reserved", name))
        if name in {"self", "super", "caller", "varargs", "kwargs", "loop"}:
            return Val(special=("super", here)) if name == "super" else OWN
        return None

    def _param(self, name: str, here: Here, line: int) -> Val:
        slot = self.params.get(name)
        if slot is None:
            slot = self.params[name] = Slot(name, None, line)
            if name == "forloop":
                hint = "in Jinja2 it is `loop`: loop.index, loop.first, loop.last"
                self.problem(here, line, "there is no `forloop`", hint)
            elif name in SAMPLE_NAMES or name.startswith("_"):
                self.problem(here, line, f"a param cannot be called {name!r}", "rename it in the template")
        if not here.source.is_shipped:
            slot.is_own = True
        return Val((slot,), self.known & {slot})

    def reserved_field(self, name: str, attribute: str, here: Here, line: int) -> None:
        """Note what notify's own names mean."""
        fields = _PEOPLE.get(name)
        if fields is None or here.source.is_shipped:
            return
        if attribute not in fields:
            hint = f"it has {' and '.join(sorted(fields))}; rename it in the template if it is data of your own"
            self.problem(here, line, f"`{name}` is notify's own name and has no {attribute!r}", hint)
        else:
            meaning = {"recipient": "whom the mail goes to", "sender": "whom the mail comes from"}
            if name in meaning:
                self.note(here, line, f"`{name}` is {meaning[name]} and needs no param")

    def use(self, value: Val, *marks: str, shown: bool = True) -> None:
        """A value is used, so that it must be there."""
        for slot in value.slots:
            slot.marks.update(marks, ("line",) if self.is_line else ())
            slot.is_shown = slot.is_shown or shown
            if slot not in value.sure and slot not in self.known:
                slot.is_unguarded = True
        for slot in value.numbers if _NUMERIC.intersection(marks) else ():
            slot.marks.add("number")

    def ask(self, slots: Iterable[Slot]) -> None:
        """A condition asks if there is something; what ships with notify asks of all that it is given."""
        for slot in slots if not self.is_shipped else ():
            slot.is_tested = True

    def problem(self, here: Here, line: int, message: str, hint: str = "") -> None:
        """Note what keeps the template from being adopted."""
        self.problems[Fault(Location(here.source.path, line), message, hint)] = None

    def note(self, here: Here, line: int, message: str, hint: str = "") -> None:
        """Note what a person should know."""
        self.notes[Fault(Location(here.source.path, line), message, hint)] = None

    def print_data(self, text: str) -> None:
        """Text of the template is printed."""
        self.tail = (self.tail + text)[-_TAIL:]

    @contextmanager
    def knowing(self, more: frozenset[Slot]) -> Iterator[None]:
        """Inside, these values are known to be there."""
        before, self.known = self.known, self.known | more
        try:
            yield
        finally:
            self.known = before

    @contextmanager
    def entering(self) -> Iterator[bool]:
        """Another template, block or macro, whose printing is apart; whether it may be followed."""
        self._entered += 1
        self._depth += 1
        tail, self.tail = self.tail, ""
        try:
            yield self._depth < _DEEPEST and self._entered < _MOST_ENTERED
        finally:
            self._depth -= 1
            self.tail = tail


def constant_of(node: Any) -> Any:
    """What a constant says; None otherwise."""
    return getattr(node, "value", None) if type(node).__name__ == "Const" else None
