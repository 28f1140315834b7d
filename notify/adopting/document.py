"""The subject and the preheader that an HTML template has of its own."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, meta, nodes

from notify.params import RESERVED_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection

    from jinja2 import Environment

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TITLE_BLOCK = re.compile(
    r"\{%[-+]?\s*block\s+(?:subject|title)\b[^%]*%\}(.*?)\{%[-+]?\s*endblock\b[^%]*%\}", re.DOTALL
)
_BLOCK_TAGS = re.compile(r"\{%[-+]?\s*(?:end)?block\b[^%]*%\}")
_TAGS = re.compile(r"</?[a-zA-Z][^>]*>")
_PREHEADER = re.compile(
    r"<(?P<tag>div|span|p|td)\b[^>]*\b(?:class|id)\s*=\s*[\"'][^\"']*\bpre(?:-?header|view(?:[-_]?text)?)\b[^\"']*[\"'][^>]*>"
    r"(?P<text>[^<]*)</(?P=tag)>",
    re.IGNORECASE,
)
_PADDING = re.compile(
    r"(?:\s|&(?:nbsp|zwnj|shy|#\d+|#x[0-9a-f]+);|[\u00a0\u00ad\u034f\u200b-\u200f\u2007\ufeff])+$", re.IGNORECASE
)
_NOT_IN_LINES = frozenset({"subject", "preheader"})


@dataclass(frozen=True, slots=True)
class Preheader:
    """A preheader that a template holds: its text, and from where to where it stands."""

    text: str
    start: int
    end: int


class Document:
    """A template's text, to take lines of the mail from.

    Args:
        text: the template.
        environment: the environment that it is compiled in.
        params: the names that are known to be params.
    """

    def __init__(self, text: str, environment: Environment, params: Collection[str]) -> None:
        self._text = text
        self._environment = environment
        tree = environment.parse(text)
        made = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        made |= {macro.name for macro in tree.find_all(nodes.Macro)}
        made |= {each.target for each in tree.find_all(nodes.Import)}
        self._seen = ({*params} | {*environment.globals} | (RESERVED_NAMES - _NOT_IN_LINES)) - made

    def subject(self) -> str | None:
        """The words of `<title>`, or of a block of that name; None if there are none that stand by themselves."""
        for pattern in (_TITLE, _TITLE_BLOCK):
            match = pattern.search(self._text)
            line = self._line(_TAGS.sub("", match[1])) if match else None
            if line:
                return line
        return None

    def preheader(self) -> Preheader | None:
        """The hidden text that an inbox shows after the subject; None if there is none that stands by itself."""
        match = _PREHEADER.search(self._text)
        if match is None:
            return None
        kept = _PADDING.sub("", match["text"])
        line = self._line(kept)
        start = match.start("text") + len(kept) - len(kept.lstrip())
        return Preheader(line, start, match.start("text") + len(kept)) if line else None

    def _line(self, text: str) -> str | None:
        line = " ".join(html.unescape(_BLOCK_TAGS.sub("", text)).split())
        try:
            names = meta.find_undeclared_variables(self._environment.parse(line))
        except TemplateSyntaxError:
            return None
        return line if names <= self._seen and "super(" not in line else None
