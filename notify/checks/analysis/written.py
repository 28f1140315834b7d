"""A template as it is written: its text, and where each letter of it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment, nodes

    from notify.definition import InPlace

_BREAK = re.compile(r"\r\n|\r|\n")
_AT = re.compile(r" at \d+$")
_UNCLOSED = re.compile(r"Unexpected end of template\b.* The innermost block that needs to be closed is '(\w+)'")
_SHIPPED = "notify/"
TOO_DEEP = "the template has too many levels of nesting"


class Written:
    """A template: a file's, or one in place in a definition.

    Attributes:
        name: what templates call it; the path of the definition for one in place.
        source: its text, with plain line breaks.
        asked: the filters and tests whose being there it asks about.
    """

    def __init__(self, name: str, path: str, source: str, in_place: InPlace | None = None) -> None:
        self.name = name
        self.source = _BREAK.sub("\n", source)
        self.asked: frozenset[str] = frozenset()
        self._path = path
        self._in_place = in_place

    @property
    def is_shipped(self) -> bool:
        """Whether it came with notify."""
        return self._in_place is None and self.name.startswith(_SHIPPED)

    def location(self, offset: int) -> Location:
        """The place of a letter."""
        line = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[line]
        if self._in_place is None:
            return Location(self._path, line + 1, column + 1)
        at = self._in_place.location
        if not self._in_place.by_line:
            return at
        return Location(self._path, at.line + line, column + (at.column if line == 0 else self._in_place.indent + 1))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.source))]


@dataclass(frozen=True, slots=True)
class Spot:
    """A letter of a template."""

    written: Written = field(hash=False)
    offset: int

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.written.location(self.offset)


class SyntaxFaultError(Exception):
    """A template cannot be parsed."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse(environment: Environment, written: Written) -> nodes.Template:
    """The tree of a template, in which `lineno` is not the line but the offset of a node's first or telling letter.

    The parser hands the number of each token on to the nodes, and asks nothing about it.

    Raises:
        SyntaxFaultError: it is no template.
    """
    try:
        return _Parser(environment, written).parse()
    except TemplateSyntaxError as error:
        message = _AT.sub("", error.message or "this is no template").removesuffix(".")
        unclosed = _UNCLOSED.match(message)
        opened = _innermost(environment, written, unclosed[1]) if unclosed else None
        raise SyntaxFaultError(message, error.lineno if opened is None else opened) from None
    except RecursionError:
        raise SyntaxFaultError(TOO_DEEP, 0) from None


class _Parser(Parser):
    def __init__(self, environment: Environment, written: Written) -> None:
        tokens = list(_tokens(environment, written))
        super().__init__(environment, "", written.name)
        stream = TokenStream(environment.lexer.wrap(iter(tokens), written.name), written.name, None)
        for extension in environment.iter_extensions():
            filtered = extension.filter_stream(stream)
            stream = filtered if isinstance(filtered, TokenStream) else TokenStream(filtered, written.name, None)
        self.stream = stream


def _innermost(environment: Environment, written: Written, name: str) -> int | None:
    """Where the tag stands that begins the innermost block of a name without an end; None if there is none."""
    opened: list[int] = []
    tag: int | None = None
    for offset, kind, text in _tokens(environment, written):
        if tag is not None and kind == "name":
            if text == name:
                opened.append(tag)
            elif text == f"end{name}":
                del opened[-1:]
        if kind != "whitespace":
            tag = offset if kind == "block_begin" else None
    return opened[-1] if opened else None


def _tokens(environment: Environment, written: Written) -> Iterator[tuple[int, str, str]]:
    """The lexer's tokens with their offsets in place of their lines; what it strips off data is passed over."""
    end = 0
    try:
        for _, kind, text in environment.lexer.tokeniter(written.source, written.name):
            start = written.source.find(text, end)
            end = start + len(text)
            yield start, kind, text
    except TemplateSyntaxError as error:
        rest = written.source[end:]
        error.lineno = end + len(rest) - len(rest.lstrip())
        raise
