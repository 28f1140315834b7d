"""A rule about tags that do not fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.markup.tokens import Token

_VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_OPTIONAL = frozenset({
    "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt", "tbody",
    "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
"""Elements whose end tag may be left out (HTML, section 13.1.2.4)."""
_CELLS = frozenset({"td", "th"})
_ROWS = frozenset({"tr", *_CELLS})
_GROUPS = frozenset({"caption", "colgroup", "tbody", "tfoot", "thead", *_ROWS})
_CLOSED_BY: dict[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dd", "dt"}),
    "dd": frozenset({"dd", "dt"}),
    "td": _CELLS,
    "th": _CELLS,
    "tr": _ROWS,
    **dict.fromkeys(("caption", "colgroup", "tbody", "tfoot", "thead"), _GROUPS),
    "body": frozenset({"head"}),
    "option": frozenset({"option"}),
}
"""Elements that end where one of a name begins."""
_ENDS_P = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "dir", "div", "dl", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "menu", "nav", "ol", "p", "pre",
    "section", "table", "ul",
})  # fmt: skip
_FENCES = frozenset({"table", "html", *_CELLS, "caption", "button", "object", "template"})
"""An end tag or a beginning inside does not end what is outside."""
_FOREIGN = frozenset({"svg", "math"})
_ONLY_ROWS = frozenset({"table", "tbody", "tfoot", "thead", "tr"})


@rule(
    Mail,
    "html-parse-error",
    severity="warning",
    why="Browsers mend such faults in one way, Outlook and webmail in another: columns collapse, cells move, the rest "
    "of the mail becomes a link.",
    example="<p><table><tr><td><b>Total</td></tr></table></p>",
    cure="Close what was opened, in reverse order, and put no table or block into a `<p>`.",
)
def parse_error(mail: Mail) -> Iterator[Problem]:
    """Tags are not closed, misnested, or stand where they cannot be."""
    return _Reader(mail).problems()


class _Reader:
    """Follows the tags of a mail with the elements that are open.

    A block ends the paragraph that it stands in. Whether it should not stand there, or the end of the paragraph was
    forgotten, shows only later: by an end tag, or none.
    """

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._open: list[Token] = []
        self._cut: list[Token] = []
        self._in_p: list[tuple[Token, Token]] = []

    def problems(self) -> Iterator[Problem]:
        document = self._mail.document
        for token in self._mail.tokens:
            if token.kind == "start":
                yield from self._start(token)
            elif token.kind == "end":
                yield from self._end(token)
            elif token.kind == "text" and document[token.start : token.end].strip():
                yield from self._loose(token.start, "text")
            elif token.kind == "unclosed":
                yield self._problem(token, f"{self._shown(token)} has no end", "close it with >")
        yield from (self._unclosed(token) for token in self._open if token.name not in _OPTIONAL)
        yield from (self._unclosed(paragraph) for paragraph, _ in self._in_p)

    def _start(self, token: Token) -> Iterator[Problem]:
        name = token.name
        yield from self._twice(token)
        if name in _ENDS_P and (place := self._found({"p"})) is not None:
            yield from self._closed(place + 1)
            if name != "p":
                self._in_p.append((self._open[place], token))
            del self._open[place:]
        if name in _CLOSED_BY and (place := self._found(_CLOSED_BY[name])) is not None:
            yield from self._closed(place + 1)
            del self._open[place:]
        if name == "a" and self._found({"a"}) is not None:
            yield self._problem(token, "a link stands inside a link", "end the link before the next one")
        if name not in _GROUPS and name not in {"style", "script", "template", "table"}:
            yield from self._loose(token.start, f"<{name}>")
        if not (name in _VOID or self._is_self_closed(token)):
            self._open.append(token)

    def _end(self, token: Token) -> Iterator[Problem]:
        name = token.name
        place = next((place for place in range(len(self._open) - 1, -1, -1) if self._open[place].name == name), None)
        fence = self._fence({"table"} if name in _GROUPS else _FENCES) if name not in _FENCES - _CELLS else -1
        if place is not None and place >= fence:
            yield from self._closed(place + 1)
            del self._open[place:]
        elif name in {"br", *_VOID}:
            yield self._problem(token, f"</{name}> is no tag", f"write <{name}>")
        elif name == "p" and self._in_p:
            _, block = self._in_p.pop()
            message = f"<{block.name}> stands in a <p>, which ends before it"
            yield self._problem(block, message, f"end the paragraph before <{block.name}>")
        elif cut := next((each for each in reversed(self._cut) if each.name == name), None):
            self._cut.remove(cut)
        else:
            yield self._problem(token, f"</{name}> closes nothing", "remove it, or open the element before")

    def _closed(self, place: int) -> Iterator[Problem]:
        """Elements that are ended by the end of what is around them."""
        for token in self._open[place:]:
            if token.name not in _OPTIONAL:
                yield self._unclosed(token)
                self._cut.append(token)

    def _unclosed(self, token: Token) -> Problem:
        return self._problem(token, f"<{token.name}> is not closed", f"write </{token.name}> where it ends")

    def _loose(self, place: int, what: str) -> Iterator[Problem]:
        around = self._open[-1].name if self._open else ""
        if around in _ONLY_ROWS and what not in {"<form>", "<input>"}:
            yield Problem(self._mail.at(place), f"{what} stands in <{around}> outside a cell", "put it into a <td>")

    def _twice(self, token: Token) -> Iterator[Problem]:
        names = [attribute.name for attribute in token.attributes]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield self._problem(token, f"<{token.name}> has the attribute {name} twice", "only the first one counts")

    def _found(self, names: frozenset[str] | set[str]) -> int | None:
        """Where the innermost open element of a name stands, unless a fence stands before it."""
        for place in range(len(self._open) - 1, -1, -1):
            name = self._open[place].name
            if name in names:
                return place
            if name in (_FENCES - _CELLS if names & _GROUPS else _FENCES):
                return None
        return None

    def _fence(self, names: frozenset[str] | set[str]) -> int:
        return next((place for place in range(len(self._open) - 1, -1, -1) if self._open[place].name in names), -1)

    def _is_self_closed(self, token: Token) -> bool:
        if not self._mail.document.endswith("/>", token.start, token.end):
            return False
        return ":" in token.name or token.name in _FOREIGN or any(each.name in _FOREIGN for each in self._open)

    def _problem(self, token: Token, message: str, hint: str) -> Problem:
        return Problem(self._mail.at(token.start), message, hint)

    def _shown(self, token: Token) -> str:
        return f"<{token.name}" if token.name else "a comment"


RULES: tuple[AnyRule, ...] = (parse_error,)
