"""Markdown bodies: CommonMark and tables, in which no value can become markup.

While a Markdown template is rendered, each value is replaced by a placeholder of private-use characters, which mean
nothing in Markdown. The values are put in when the structure is known: as text in text and code, as an address in a
link's target. So nothing has to be escaped, and nothing can break out.
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

_OPEN, _ISLAND, _CLOSE = "\ue000", "\ue001", "\ue002"
_PLACEHOLDER = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_ISLANDS = re.compile(f"<p>{_ISLAND}(\\d+){_CLOSE}</p>|{_ISLAND}(\\d+){_CLOSE}")
_MARKS = str.maketrans(dict.fromkeys((_OPEN, _ISLAND, _CLOSE), "\ufffd"))
_SCHEME = re.compile(r"https?://|mailto:")
_TAG = re.compile(r"\s*<[a-z][a-z0-9]*[\s/>]", re.IGNORECASE)


class Values(threading.local):
    """The values of the Markdown template that is being rendered in this thread."""

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
        text = str(value)
        if isinstance(value, Markdown):
            return Markup(text.translate(_MARKS))  # noqa: S704  # raw HTML in it will be shown as text
        if isinstance(value, Html) or (isinstance(value, Markup) and _TAG.match(text)):
            return self._placeholder(_ISLAND, text)
        if isinstance(value, Markup) or (text.replace(" ", "a").isalnum() and text == text.strip()) or not text:
            return Markup(text)  # noqa: S704  # a macro's result, or letters and digits, which mean nothing
        # The scheme stays, so that `<{{ url }}>` is a link.
        scheme = _SCHEME.match(text)
        start = scheme[0] if scheme else ""
        return Markup(start) + self._placeholder(_OPEN, text[len(start) :])  # noqa: S704  # letters, a colon, slashes

    def _placeholder(self, mark: str, text: str) -> Markup:
        self.kept.append(text)
        return Markup(f"{mark}{len(self.kept) - 1}{_CLOSE}")  # noqa: S704  # private-use characters and digits


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
    return _ISLANDS.sub(lambda match: _island(match, values), html) if values else html


def _island(match: re.Match[str], values: Sequence[str]) -> str:
    html = values[int(match[1] or match[2])]
    return _PLACEHOLDER.sub(lambda inner: str(escape(values[int(inner[1])])), html)


def _fill(tokens: Sequence[Token], values: Sequence[str], parser: MarkdownIt) -> None:
    def text(content: str) -> str:
        return _PLACEHOLDER.sub(lambda match: values[int(match[1])], content)

    for token in tokens:
        if token.children:
            _fill(token.children, values, parser)
        if _OPEN in token.content:
            token.content = text(token.content)
        if _OPEN in token.info:
            token.info = text(token.info)
        for name, value in token.attrs.items():
            if isinstance(value, str) and _OPEN in value:
                filled = text(value)
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
