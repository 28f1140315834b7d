"""Source text with line numbers and highlighting.

A token is a `span` with one of these classes; text without a class is plain.

| class | what |
|---|---|
| `k` | keyword, tag, key |
| `a` | attribute |
| `s` | string |
| `c` | comment, doctype |
| `n` | number, character reference |
| `v` | variable, other name, the delimiters of an expression |
| `p` | punctuation, operator |
| `e` | error |
"""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup, escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, is_token_subtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pygments.token import _TokenType

Language = Literal["html", "text", "jinja-html", "jinja-text", "jinja-yaml", "yaml", "json", "mail"]

_LEXERS = {
    "html": "html",
    "jinja-html": "html+django",
    "jinja-text": "django",
    "jinja-yaml": "yaml+jinja",
    "yaml": "yaml",
    "json": "json",
    "mail": "email",
}
_LONGEST = 300_000
"""Characters above which there are no colours, only lines."""
_SECONDS = 2.0
"""Of work, not of the clock, after which a source that Pygments finds hard gets no colours either."""
_CLASSES = (
    (Token.Comment.Preproc, "v"),
    (Token.Comment, "c"),
    (Token.Error, "e"),
    (Token.Literal.Number, "n"),
    (Token.Literal, "s"),
    (Token.Keyword, "k"),
    (Token.Name.Tag, "k"),
    (Token.Name.Attribute, "a"),
    (Token.Name.Entity, "n"),
    (Token.Name, "v"),
    (Token.Operator.Word, "k"),
    (Token.Operator, "p"),
    (Token.Punctuation, "p"),
)
"""Which class a type of token has; the first that holds it counts."""

Piece = tuple[str, str]
"""A class, or nothing, and a text."""


def highlighted(source: str, language: Language, *, prefix: str = "L") -> Markup:
    """The source as HTML: one `span` a line, with its number, which is a link to it.

    Args:
        source: any text; a line ends with a line feed, perhaps after a carriage return.
        language: what it is written in.
        prefix: of the lines' ids: the third is `L3`.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    pieces = _pieces(source, language) if language != "text" and len(source) <= _LONGEST else None
    lines = "\n".join(
        f'<span class="line" id="{prefix}{number}">'
        f'<a class="number" href="#{prefix}{number}" tabindex="-1">{number}</a><code>{line}</code></span>'
        for number, line in enumerate(_lines(pieces or [("", source)]), 1)
    )
    return Markup(f'<div class="source">{lines}</div>')  # noqa: S704  # each piece is escaped below


def _pieces(source: str, language: Language) -> list[Piece] | None:
    """The source in pieces of one class each; nothing if that takes too long."""
    lexer = get_lexer_by_name(_LEXERS[language], stripnl=False, ensurenl=False)
    until = thread_time() + _SECONDS
    pieces: list[Piece] = []
    classes: dict[_TokenType, str] = {}
    for kind, text in lexer.get_tokens(source):
        if thread_time() > until:
            return None
        if kind not in classes:
            classes[kind] = next((name for ancestor, name in _CLASSES if is_token_subtype(kind, ancestor)), "")
        name = "c" if kind is Token.Comment.Preproc and text.startswith("<") else classes[kind]
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + text)
        else:
            pieces.append((name, text))
    return pieces


def _lines(pieces: Iterable[Piece]) -> Iterator[str]:
    """The lines as HTML. A line feed at the end begins no further line."""
    line: list[str] = []
    for name, text in pieces:
        first, *others = text.split("\n")
        line.append(_html(name, first))
        for part in others:
            yield "".join(line)
            line = [_html(name, part)]
    if any(line):
        yield "".join(line)


def _html(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name and text else str(escape(text))
