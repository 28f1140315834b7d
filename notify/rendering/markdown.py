"""Markdown bodies: CommonMark and tables, in which no value can become markup.

While a Markdown template is rendered, each value is replaced by a placeholder of noncharacters, which Unicode keeps for
internal use (section 23.7) and which mean nothing in Markdown. The values are put in when the structure is known: as
text in text and code, as an address in a link's target. So nothing has to be escaped, and nothing can break out.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from markupsafe import Markup, escape

from notify.params.markup import Html, Markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_PLACEHOLDER = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_LEFT = re.compile(f"<p>{_OPEN}(\\d+){_CLOSE}</p>|{_OPEN}(\\d+){_CLOSE}")
_MARKS = str.maketrans(dict.fromkeys((_OPEN, _CLOSE), "\ufffd"))
_SCHEME = re.compile(r"https?://|mailto:")
_TAG = re.compile(r"\s*<[a-z][a-z0-9]*[\s/>]", re.IGNORECASE)


class Values(threading.local):
    """The values of the Markdown template that is being rendered in this thread: text, or `Markup` that is HTML."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def start(self) -> None:
        """A rendering begins."""
        self.kept = []

    @property
    def finalize(self) -> Any:
        """What Jinja2 calls for each value that a Markdown template prints."""

        @pass_context  # keeps Jinja2 from calling it while it compiles
        def finalize(_context: object, value: object) -> Markup:
            return self._keep(value)

        return finalize

    def _keep(self, value: object) -> Markup:
        if isinstance(value, Markup):
            # What a macro gives: HTML, or Markdown with placeholders in it.
            return self._placeholder(value) if _TAG.match(value) else value
        text = str(value).translate(_MARKS)
        if isinstance(value, Html):
            return self._placeholder(Markup(text))  # noqa: S704  # the one type that is not escaped
        if isinstance(value, Markdown) or not text or text.isalnum():
            return Markup(text)  # noqa: S704  # HTML in Markdown is shown as text; letters and digits mean nothing
        # The scheme stays, so that `<{{ url }}>` is a link.
        scheme = _SCHEME.match(text)
        start = scheme[0] if scheme else ""
        return Markup(start) + self._placeholder(text[len(start) :])  # noqa: S704  # letters, a colon and slashes

    def _placeholder(self, value: str) -> Markup:
        self.kept.append(value)
        return Markup(f"{_OPEN}{len(self.kept) - 1}{_CLOSE}")  # noqa: S704  # noncharacters and digits


def markdown_to_html(source: str, values: Sequence[str] = ()) -> str:
    """HTML of CommonMark with tables; raw HTML in it is shown as text, scripts are no link targets.

    Args:
        source: what a Markdown template gave, or a value of type `Markdown`.
        values: what the template printed, as `Values` kept it.
    """
    parser = _parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(source, env)
    if values:
        _fill(tokens, values, parser)
    html: str = parser.renderer.render(tokens, parser.options, env)
    return _LEFT.sub(lambda match: _html(match[1] or match[2], values), html) if values else html


def _html(number: str, values: Sequence[str]) -> str:
    """A value of HTML, and the values that a macro printed in it; HTML that is a paragraph by itself gets no other."""
    value = values[int(number)]
    return (
        _PLACEHOLDER.sub(lambda inner: _html(inner[1], values), value) if isinstance(value, Markup) else escape(value)
    )


def _fill(tokens: Sequence[Token], values: Sequence[str], parser: MarkdownIt) -> None:
    """Put the values that are text into the tokens; the renderer escapes them."""

    def put(match: re.Match[str]) -> str:
        value = values[int(match[1])]
        return match[0] if isinstance(value, Markup) else value

    for token in tokens:
        if token.children:
            _fill(token.children, values, parser)
        token.content = _PLACEHOLDER.sub(put, token.content)
        token.info = _PLACEHOLDER.sub(put, token.info)
        for name, value in token.attrs.items():
            if isinstance(value, str) and _OPEN in value:
                filled = _PLACEHOLDER.sub(put, value)
                token.attrs[name] = _target(filled, parser) if name in {"href", "src"} else filled


def _target(url: str, parser: MarkdownIt) -> str:
    return parser.normalizeLink(url) if parser.validateLink(url) else "#"


@cache
def _parser() -> MarkdownIt:
    """The one parser of the process; it keeps nothing between calls."""
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        """Leaves addresses alone that hold placeholders: they are checked when the values are in."""

        def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it's name
            return _OPEN in url or super().validateLink(url)

        def normalizeLink(self, url: str) -> str:  # noqa: N802
            return url if _OPEN in url else super().normalizeLink(url)

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802
            return link if _OPEN in link else super().normalizeLinkText(link)

    return Parser("commonmark", {"html": False}).enable("table")
