"""Walks an HTML tree and tells a writer what to write."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from notify.rendering.plaintext.cells import count_cells, is_data_table, read_table
from notify.rendering.plaintext.links import with_destination
from notify.rendering.plaintext.styles import declarations, is_hidden
from notify.rendering.plaintext.table import table_lines
from notify.rendering.plaintext.width import display_width
from notify.rendering.plaintext.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from selectolax.lexbor import LexborNode

Attributes: TypeAlias = "dict[str, str | None]"
Leave: TypeAlias = "Callable[[], None]"

_SKIPPED = frozenset({
    "-comment", "area", "audio", "base", "canvas", "datalist", "embed", "head", "iframe", "input", "link", "map",
    "meta", "object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "body", "caption", "center", "details", "dir", "div", "dt", "fieldset", "figcaption",
    "footer", "form", "header", "legend", "main", "menu", "nav", "section", "summary",
})  # fmt: skip
_SPACED = frozenset({"dl", "figure", "p", "table"})
_HEADINGS = {"h1": "=", "h2": "-", "h3": "-", "h4": "-", "h5": "-", "h6": "-"}
_LINE_KEEPING = frozenset({"break-spaces", "pre", "pre-line", "pre-wrap"})
_NUMBER = re.compile(r"\s*([+-]?\d{1,9})\s*", re.ASCII)
_DESCRIPTION_INDENT = "    "
_RULE_WIDTH = 40
_SHORT_CELL = 40
_UNWRAPPED = 1_000_000_000


class Walker:
    """Writes one tree with one writer. It does not recurse, so that no depth of nesting is too deep."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._kept_breaks = 0
        self._lists: list[Iterator[str]] = []
        self._rows_of_several: list[bool] = []

    def walk(self, root: LexborNode) -> None:
        """Write `root` and all below it."""
        todo: list[LexborNode | Leave] = [root]
        while todo:
            node = todo.pop()
            if callable(node):
                node()
            elif node.tag == "-text":
                self._text(node.text_content or "")
            elif self._is_entered(node, todo):
                todo += reversed(list(node.iter(include_text=True)))

    def _is_entered(self, node: LexborNode, todo: list[LexborNode | Leave]) -> bool:
        """Begin an element, and put on `todo` what its end does; False if nothing inside it is to be walked."""
        tag = node.tag or ""
        if tag in _SKIPPED:
            return False
        attributes = node.attributes
        style = declarations(attributes.get("style"))
        if is_hidden(attributes, style):
            return False
        if tag == "table" and is_data_table(node):
            self._data_table(node)
            return False
        if style.get("display") == "block" and tag != "br":
            self._writer.flush()
            todo.append(self._writer.flush)
        if style.get("white-space") in _LINE_KEEPING:
            self._kept_breaks += 1
            todo.append(self._stop_keeping_breaks)
        handler = self._HANDLERS.get(tag)
        if handler is not None:
            leave = handler(self, node, attributes)
            if leave is not None:
                todo.append(leave)
        return True

    def _text(self, value: str) -> None:
        writer = self._writer
        if writer.preformatted:
            writer.verbatim(value)
        elif writer.parts or not value.isspace():
            writer.text(value, keep_breaks=self._kept_breaks > 0)

    def _stop_keeping_breaks(self) -> None:
        self._kept_breaks -= 1

    def _line_break(self, _node: LexborNode, _attributes: Attributes) -> None:
        self._writer.verbatim("\n")

    def _rule(self, _node: LexborNode, _attributes: Attributes) -> None:
        self._writer.margin()
        self._writer.block(["-" * min(_RULE_WIDTH, self._writer.available)])
        self._writer.margin()

    def _image(self, _node: LexborNode, attributes: Attributes) -> None:
        self._writer.text(attributes.get("alt") or "")

    def _block(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._writer.flush()
        return self._writer.flush

    def _spaced(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._writer.margin()
        return self._writer.margin

    def _heading(self, node: LexborNode, _attributes: Attributes) -> Leave:
        writer = self._writer
        writer.margin()
        start = len(writer.lines)
        indentation = writer.width - writer.available

        def leave() -> None:
            writer.flush()
            width = max(map(display_width, writer.lines[start:]), default=0) - indentation
            if width > 0:
                writer.block([_HEADINGS[node.tag or ""] * min(width, writer.available)])
            writer.margin()

        return leave

    def _link(self, _node: LexborNode, attributes: Attributes) -> Leave:
        writer = self._writer
        start, blocks = len(writer.parts), writer.blocks

        def leave() -> None:
            begin = start if writer.blocks == blocks else 0
            read = with_destination("".join(writer.parts[begin:]), attributes.get("href"))
            if read is not None:
                writer.parts[begin:] = [read]

        return leave

    def _quote(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._writer.verbatim("\u201c")
        return lambda: self._writer.verbatim("\u201d")

    def _quotation(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        self._writer.margin()
        return self._indented("> ", "> ", self._writer.margin)

    def _description(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        return self._indented(_DESCRIPTION_INDENT, _DESCRIPTION_INDENT, self._writer.flush)

    def _preformatted(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        writer = self._writer
        writer.margin()
        writer.preformatted += 1

        def leave() -> None:
            writer.margin()
            writer.preformatted -= 1

        return leave

    def _list(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        return self._begin_list("- " for _ in count())

    def _ordered_list(self, node: LexborNode, attributes: Attributes) -> Leave:
        first = _number(attributes.get("start"), 1)
        items = sum(child.tag == "li" for child in node.iter())
        width = len(f"{first + items - 1}. ")
        return self._begin_list(f"{number}. ".rjust(width) for number in count(first))

    def _begin_list(self, markers: Iterator[str]) -> Leave:
        end = self._writer.flush if self._lists else self._writer.margin
        end()
        self._lists.append(markers)

        def leave() -> None:
            self._lists.pop()
            end()

        return leave

    def _item(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        marker = next(self._lists[-1]) if self._lists else "- "
        return self._indented(marker, " " * len(marker), self._writer.flush)

    def _indented(self, first: str, rest: str, end: Leave) -> Leave:
        self._writer.indent(first, rest)

        def leave() -> None:
            self._writer.dedent()
            end()

        return leave

    def _row(self, node: LexborNode, _attributes: Attributes) -> Leave:
        several = count_cells(node) > 1
        end = self._writer.flush if several else self._writer.margin
        end()
        self._rows_of_several.append(several)

        def leave() -> None:
            self._rows_of_several.pop()
            end()

        return leave

    def _cell(self, _node: LexborNode, _attributes: Attributes) -> Leave:
        """A layout table's cell: short ones of a row stand on one line, others are blocks."""
        writer = self._writer
        start, blocks = len(writer.parts), writer.blocks

        def leave() -> None:
            text = "".join(writer.parts[start:]).strip()
            if self._rows_of_several[-1:] != [True] or writer.blocks != blocks or len(text) > _SHORT_CELL:
                writer.flush()
            else:
                writer.parts[start:] = [text, " \xa0"] if text else []

        return leave

    def _data_table(self, node: LexborNode) -> None:
        self._writer.margin()
        width = self._writer.available
        self._writer.block(table_lines(read_table(node, _cell_lines), width))
        self._writer.margin()

    _HANDLERS: ClassVar[Mapping[str, Callable[[Walker, LexborNode, Attributes], Leave | None]]] = {
        **dict.fromkeys(_BLOCKS, _block),
        **dict.fromkeys(_SPACED, _spaced),
        **dict.fromkeys(_HEADINGS, _heading),
        "a": _link,
        "blockquote": _quotation,
        "br": _line_break,
        "dd": _description,
        "hr": _rule,
        "img": _image,
        "li": _item,
        "ol": _ordered_list,
        "pre": _preformatted,
        "q": _quote,
        "td": _cell,
        "th": _cell,
        "tr": _row,
        "ul": _list,
    }


def _cell_lines(cell: LexborNode) -> list[str]:
    writer = Writer(_UNWRAPPED)
    Walker(writer).walk(cell)
    writer.flush()
    return writer.lines


def _number(value: str | None, default: int) -> int:
    match = _NUMBER.fullmatch(value or "")
    return int(match.group(1)) if match else default
