"""Puts inline text together into wrapped, indented lines with at most one empty line between blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from notify.rendering.plaintext.width import wrap

_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACES_BUT_BREAKS = re.compile(r"[ \t\r\f]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What mails pad their preheader with. Inside words some of it joins letters (Persian) or emoji.
_INVISIBLE = re.compile("[\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff]")
_PADDING = re.compile("[\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff\\s]+")
_SOFT_HYPHENS = str.maketrans("", "", "\u00ad\u034f\u2060\ufeff")
_NARROWEST = 24


@dataclass(slots=True)
class Writer:
    """Collects text and writes it as blocks.

    `text` appends to the current paragraph; `flush` ends it; `margin` asks for an empty line before the next one.
    `indent` and `dedent` bracket what stands in a list item or a quotation.
    """

    width: int
    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    blocks: int = 0
    preformatted: int = 0
    _tail: str = ""
    _first: str | None = None
    _outer: list[tuple[str, str | None]] = field(default_factory=list)
    _margin: bool = False
    _blank: str = ""

    @property
    def available(self) -> int:
        """The columns that are left beside the indentation."""
        return self.width - len(self._tail)

    def text(self, value: str, *, keep_breaks: bool = False) -> None:
        """Append text as a text node has it; runs of white space become one space."""
        self.parts.append((_SPACES_BUT_BREAKS if keep_breaks else _SPACES).sub(" ", value))

    def verbatim(self, value: str) -> None:
        """Append text whose spaces and line breaks count."""
        self.parts.append(value)

    def flush(self) -> None:
        """End the paragraph: wrap it and write it, or write it as it is while `preformatted`."""
        if not self.parts:
            return
        if self.preformatted:
            self._flush_verbatim()
            return
        text = _clean("".join(self.parts))
        self.parts.clear()
        lines: list[str] = []
        for line in text.strip(" \n\xa0").split("\n"):
            stripped = line.strip(" \xa0")
            if stripped or lines[-1:] != [""]:
                lines += wrap(stripped, self.available)
        self.block(lines)

    def _flush_verbatim(self) -> None:
        text = _CONTROLS.sub("", "".join(self.parts).replace("\r\n", "\n").replace("\r", "\n"))
        self.parts.clear()
        self.block(text.strip("\n").expandtabs().split("\n"))

    def block(self, lines: list[str]) -> None:
        """Write finished lines below the current indentation."""
        lines = [line.replace("\xa0", " ") for line in lines]
        if not any(line.strip() for line in lines):
            return
        if self._margin and self.lines:
            self.lines.append(self._blank)
        first, self._first = self._first, None
        for line in lines:
            self.lines.append(((self._tail if first is None else first) + line).rstrip())
            first = None
        self.blocks += 1
        self._margin = False
        self._blank = self._tail.rstrip()

    def margin(self) -> None:
        """End the paragraph and ask for an empty line before what follows."""
        self.flush()
        self._margin = True

    def indent(self, first: str, rest: str) -> None:
        """Begin an indented block, whose first line begins with `first`. Very deep ones are not indented further."""
        self.flush()
        self._outer.append((self._tail, self._first))
        if self.width - len(self._tail) - len(rest) >= min(_NARROWEST, self.width // 2):
            self._first = (self._tail if self._first is None else self._first) + first
            self._tail += rest

    def dedent(self) -> None:
        """End what the last `indent` began; its marker is dropped if nothing was written."""
        self.flush()
        self._tail, first = self._outer.pop()
        if self._first is not None:
            self._first = first
        self._blank = min(self._blank, self._tail.rstrip(), key=len)

    def result(self) -> str:
        """All that was written, ending in one line break; empty if it is nothing."""
        self.flush()
        return "\n".join([*self.lines, ""]) if self.lines else ""


def _clean(text: str) -> str:
    text = _CONTROLS.sub("", text)
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    return _PADDING.sub(_without_padding, text).translate(_SOFT_HYPHENS)


def _without_padding(match: re.Match[str]) -> str:
    """A lone joiner between letters stays; a run of padding becomes a space if it holds one, else nothing."""
    run = match.group()
    inside = match.start() > 0 and match.end() < len(match.string)
    if (len(run) == 1 and inside) or not _INVISIBLE.search(run):
        return run
    if "\n" in run:
        return "\n"
    return " " if any(character.isspace() for character in run) else ""
