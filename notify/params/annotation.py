"""Reading a type as Python writes it: `list[Item] | None`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import DefinitionError, Fault, Location
from notify.params.types import BUILTINS, DictOf, ListOf, Literal, Name, OneOf, Type
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_TOKEN = re.compile(
    r"(?P<name>[^\W\d]\w*(?:\.\w+)*(?::\w[\w.]*)?)"
    r"|'(?P<single>[^'\\]*)'"
    r'|"(?P<double>[^"\\]*)"'
    r"|(?P<number>-?\d+)"
    r"|(?P<mark>[\[\],|])"
)
_INSTEAD = {
    "Optional": "write X | None",
    "Union": "write X | Y",
    "Literal": "write 'a' | 'b'",
    "Any": "name the type",
    "list": "say of what: list[str]",
    "dict": "say of what: dict[str, int]",
    "set": "use list[...]",
    "tuple": "use list[...]",
    "enum": "write 'a' | 'b'",
}
_DEEPEST = 20


def parse_annotation(
    text: str, names: Collection[str] = (), at: Callable[[int], Location] = lambda offset: Location("", 1, offset + 1)
) -> Type:
    """The type that `text` describes.

    Args:
        text: such as `str`, `list[Item]`, `dict[str, int] | None`, `'a' | 'b'`.
        names: the types that are known beside the built-in ones.
        at: the place of a character of `text`, for the fault.

    Raises:
        DefinitionError: it is not a type; one fault, at the character.
    """
    if text in BUILTINS or text in names:
        return Name(text)
    return _Parser(text, names, at).parse()


class _Parser:
    def __init__(self, text: str, names: Collection[str], at: Callable[[int], Location]) -> None:
        self.text = text
        self.names = names
        self.at = at
        self.position = 0
        self.depth = 0

    def parse(self) -> Type:
        found = self._union()
        if self._peek() is not None:
            raise self._error(f"{self.text[self.position :][:20]!r} is too much here", "write types as Python does")
        return found

    def _error(self, message: str, hint: str = "", position: int | None = None) -> DefinitionError:
        return DefinitionError([Fault(self.at(self.position if position is None else position), message, hint)])

    def _peek(self) -> re.Match[str] | None:
        """The next token; None at the end."""
        while self.text[self.position : self.position + 1].isspace():
            self.position += 1
        match = _TOKEN.match(self.text, self.position)
        if match is None and self.position < len(self.text):
            raise self._error(f"{self.text[self.position]!r} cannot stand in a type", "such as list[str] or 'a' | 'b'")
        return match

    def _take(self, mark: str) -> bool:
        token = self._peek()
        if token is None or token["mark"] != mark:
            return False
        self.position = token.end()
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(f"expected {mark!r} here")

    def _union(self) -> Type:
        arms = [self._term()]
        while self._take("|"):
            arms.append(self._term())
        return _one_of(arms)

    def _term(self) -> Type:
        token = self._peek()
        if token is None or token["mark"]:
            raise self._error("a type is missing here", "such as str, list[Item] or 'a' | 'b'")
        start, self.position = self.position, token.end()
        if token["name"]:
            return self._named(token["name"], start)
        if token["number"]:
            return Literal((int(token["number"]),))
        return Literal((token["single"] if token["single"] is not None else token["double"],))

    def _named(self, name: str, start: int) -> Type:
        if name in {"list", "dict"} and self._take("["):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self._error("this type is nested too deeply", "give its parts names under types:")
            if name == "dict":
                key = self.position
                if self._union() != Name("str"):
                    raise self._error("the keys of a dict are text", "write dict[str, ...]", key)
                self._expect(",")
            inner = self._union()
            self._expect("]")
            self.depth -= 1
            return ListOf(inner) if name == "list" else DictOf(inner)
        if name in BUILTINS or name in self.names:
            return Name(name)
        raise self._error(f"unknown type {name!r}", self._hint(name), start)

    def _hint(self, name: str) -> str:
        if ":" in name:
            return "give it a name under types:"
        last = name.rpartition(".")[2]
        known = {*BUILTINS, *self.names, "list", "dict"}
        same = next((other for other in sorted(known) if other.lower() == last.lower() and other != name), None)
        return _INSTEAD.get(last) or (f"did you mean {same!r}?" if same else did_you_mean(last, known))


def _one_of(arms: list[Type]) -> Type:
    """A union; its literals are one literal, in the place of the first."""
    values = tuple(dict.fromkeys(value for arm in arms if isinstance(arm, Literal) for value in arm.values))
    literal = Literal(values)
    merged = tuple(dict.fromkeys(literal if isinstance(arm, Literal) else arm for arm in arms))
    return merged[0] if len(merged) == 1 else OneOf(merged)
