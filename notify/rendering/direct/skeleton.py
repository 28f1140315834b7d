"""CSS inlined into a template: a flat tree as one document with places in it, inlined, and taken apart again.

Each expression becomes a word, each border of a condition or loop a comment, so that css-inline sees all elements that
any message can have, once. What it makes of them is what it makes of each message, as long as

- no selector looks at what an expression prints, or at an element's neighbours where those may differ;
- the parser builds the elements where they are written: what it adds or moves, it might not add or move in a message;
- a part that may be absent begins and ends between the same two tags.

All this is checked. Rules that were inlined are taken out of the style sheet, and that depends on which elements a
message has: `styles` gives the style sheets that are left for the parts that were run.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from jinja2 import nodes
from markupsafe import escape

from notify.rendering.direct.bindings import UnfitError
from notify.rendering.direct.code import ATTRIBUTE, COMMENT, TEXT
from notify.rendering.direct.places import Places
from notify.rendering.document import is_document
from notify.rendering.preheader import place_of_preheader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from notify.rendering.direct.places import Place

_NUMBERED = re.compile("<!--\ue000([0-9]+)\ue001-->|\ue000([0-9]+)\ue001")
_MARKS = re.compile("[\ue000-\ue002\r\0]")
_PREHEADER = "\ue002"
_TAG = r"""<(/?)([a-zA-Z][^\s/>]*)(?:"[^"]*"|'[^']*'|[^'">])*>"""
_TOKEN = re.compile(rf"<!--\ue000([0-9]+)\ue001-->|<!--.*?-->|{_TAG}|<[!?][^>]*>", re.DOTALL)
_STYLE = re.compile(r"<!--.*?-->|(<style\b[^>]*>)(.*?)(?=</style\s*>)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]*)([{};])")
_BRACKETS = re.compile(r"\[\s*([\w-]+)[^\]]*\]")
_NEIGHBOURS = re.compile(r":(?:first|last|nth|only|empty|has)\b|[+~]")
_UNUSUAL = re.compile(
    r"<(?:script|xmp|iframe|noembed|noframes|noscript|plaintext|textarea|pre|listing|svg|math|template|!\[)",
    re.IGNORECASE,
)
_AMPERSAND = re.compile(r"&[#\w]*\Z")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_MAY_BE_ADDED = frozenset({"html", "head", "body", "tbody"})
_MOST_STYLES = 256

Token = tuple[str, str]


class _Region:
    """A part of the template that a message may lack, or have several times."""

    def __init__(self, bit: int) -> None:
        self.bit = bit


class _Mark:
    """An expression, or a border of a region, and where in the document it is."""

    def __init__(self, place: Place, *, expression: nodes.Expr | None = None, region: _Region | None = None) -> None:
        self.place = place
        self.expression = expression
        self.region = region

    def written(self, number: int) -> str:
        """What stands for it in the document."""
        word = f"\ue000{number}\ue001"
        return f"<!--{word}-->" if self.region is not None and self.place.kind == "text" else word


class Skeleton:
    """A flat tree as a document with places.

    Args:
        body: the flat tree; it is changed.
        inline: css-inline, for a whole document.

    Attributes:
        body: the tree of the inlined document.
        marks: how many marks are in it: one where the preheader goes, the others for style sheets, in order.
        preheader: which of them is the preheader's.
        is_constant: no style sheet depends on the parts that were run; then none has a mark.

    Raises:
        UnfitError: the CSS cannot be inlined once for all messages.
    """

    def __init__(self, body: list[nodes.Node], inline: Callable[[str], str]) -> None:
        self._inline = inline
        self._parts: list[str | _Mark] = []
        self._regions: list[_Region] = []
        self._styles: dict[int, list[bytes]] = {}
        self._places = Places()
        self._collect(body)
        written = self._written(None)
        self._check_sheets(written)
        inlined = inline(written)
        _check_parsed(written, inlined)
        _check_regions(inlined, self._marks())
        everything = (1 << len(self._regions)) - 1
        self.is_constant = self.styles(0) == self.styles(everything)
        place = place_of_preheader(inlined)
        pieces = _NUMBERED.split(f"{inlined[:place]}{_PREHEADER}{inlined[place:]}")
        if [int(comment or word) for comment, word in zip(pieces[1::3], pieces[2::3], strict=True)] != list(
            range(len(self._marks()))
        ):
            raise UnfitError("the parser moves something")
        self.marks = 0
        self.preheader = 0
        self._left = iter(pieces[::3])
        self.body: list[nodes.Node] = self._static(depth=0)
        self._rebuild(body, self.body, 0)

    def styles(self, regions: int) -> list[bytes]:
        """What is left of the style sheets, as they travel, where these parts of the template were run."""
        known = self._styles.get(regions)
        if known is None:
            if len(self._styles) >= _MOST_STYLES:
                self._styles.clear()
            known = self._styles[regions] = [
                sheet.replace("\n", "\r\n").encode() for sheet in _sheets(self._inline(self._written(regions)))
            ]
        return known

    # Into a document

    def _collect(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for each in node.nodes:
                    if isinstance(each, nodes.TemplateData):
                        self._add(each.data)
                    elif isinstance(each, nodes.Const):
                        self._add(str(escape(each.value)))
                    else:
                        self._add_expression(each)
            else:
                for branch in _branches(node):
                    self._add_region(branch)

    def _add(self, data: str) -> None:
        if _MARKS.search(data):
            raise UnfitError("it holds characters that the parser changes")
        self._places.feed(data)
        self._parts.append(data)

    def _add_expression(self, expression: nodes.Expr) -> None:
        place = self._place()
        kinds = {"text": TEXT, "title": TEXT, "value": ATTRIBUTE, "comment": COMMENT}
        expression.escaped = kinds[place.kind]  # type: ignore[attr-defined]
        self._parts.append(_Mark(place, expression=expression))

    def _add_region(self, body: list[nodes.Node]) -> None:
        region = _Region(1 << len(self._regions))
        self._regions.append(region)
        opening = _Mark(self._place(), region=region)
        self._parts.append(opening)
        self._collect(body)
        if self._place() != opening.place:
            raise UnfitError("a condition or loop begins and ends in different places")
        self._parts.append(_Mark(opening.place, region=region))

    def _place(self) -> Place:
        place = self._places.place
        if place.kind in {"tag", "style"}:
            raise UnfitError(f"something depends on the message in a {place.kind}")
        if place.attribute in {"class", "id", "style"}:
            raise UnfitError(f"something depends on the message in {place.attribute}")
        before = self._parts[-1] if self._parts else ""
        if isinstance(before, str) and _AMPERSAND.search(before):
            raise UnfitError("an ampersand stands before an expression")
        return place._replace(number=0) if place.kind == "text" else place

    def _marks(self) -> list[_Mark]:
        return [part for part in self._parts if isinstance(part, _Mark)]

    def _written(self, regions: int | None) -> str:
        """The document, with all regions or with some."""
        found: list[str] = []
        skipped: _Region | None = None
        number = -1
        for part in self._parts:
            number += isinstance(part, _Mark)
            if skipped is not None:
                if isinstance(part, _Mark) and part.region is skipped:
                    skipped = None
            elif isinstance(part, str):
                found.append(part)
            elif part.region is not None and regions is not None and not part.region.bit & regions:
                skipped = part.region
            else:
                found.append(part.written(number))
        return "".join(found)

    def _check_sheets(self, written: str) -> None:
        """Refuse what a selector might see differently in each message."""
        if _UNUSUAL.search(_COMMENT.sub("", written)):
            raise UnfitError("it holds an element that is read in a way of its own")
        selectors = [selector for sheet in _sheets(written) for selector in _selectors(_CSS_COMMENT.sub("", sheet))]
        attributes = {name.lower() for selector in selectors for name in _BRACKETS.findall(selector)}
        if attributes & {mark.place.attribute for mark in self._marks()}:
            raise UnfitError("a selector looks at an attribute with an expression in it")
        if self._regions and any(_NEIGHBOURS.search(_BRACKETS.sub("", selector)) for selector in selectors):
            raise UnfitError("a selector looks at neighbours, which conditions and loops change")

    # Back into a tree

    def _rebuild(self, body: Iterable[nodes.Node], into: list[nodes.Node], depth: int) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for each in node.nodes:
                    if not isinstance(each, (nodes.TemplateData, nodes.Const)):
                        into.append(nodes.Output([each]))
                        into += self._static(depth)
                continue
            into.append(node)
            following: list[nodes.Node] = []
            for branch in _branches(node):
                if following:
                    raise UnfitError("the parser moves something between two branches")
                region = self._regions.pop(0)
                rebuilt = self._static(depth + 1)
                if not self.is_constant:
                    flag = nodes.Output([])
                    flag.region = region.bit  # type: ignore[attr-defined]
                    rebuilt.insert(0, flag)
                self._rebuild(branch, rebuilt, depth + 1)
                branch[:] = rebuilt
                following = self._static(depth)
            into += following

    def _static(self, depth: int) -> list[nodes.Node]:
        """The next piece of the inlined document, with marks where something is put into it."""
        found: list[nodes.Node] = []
        rest = next(self._left)
        before, preheader, after = rest.partition(_PREHEADER)
        for number, part in enumerate((before, after)):
            if number and preheader:
                self.preheader = self.marks
                found.append(self._mark(depth))
            start = 0
            for sheet in () if self.is_constant else _STYLE.finditer(part):
                if sheet[1]:
                    found += [_data(part[start : sheet.end(1)]), self._mark(depth)]
                    start = sheet.end(2)
            if part[start:]:
                found.append(_data(part[start:]))
        return found

    def _mark(self, depth: int) -> nodes.Node:
        if depth:
            raise UnfitError("a style sheet, or the beginning of the body, stands in a condition")
        mark = nodes.Output([])
        mark.mark = self.marks  # type: ignore[attr-defined]
        self.marks += 1
        return mark


def holds_sheet(body: Iterable[nodes.Node]) -> bool:
    """Whether a flat tree is a whole document with a style sheet."""
    html = "".join(
        data.data for node in body for data in (node, *node.find_all(nodes.TemplateData)) if hasattr(data, "data")
    )
    return is_document(html) and "<style" in html.lower()


def _data(text: str) -> nodes.Output:
    return nodes.Output([nodes.TemplateData(text)])


def _branches(node: nodes.Node) -> Iterator[list[nodes.Node]]:
    """The bodies of a loop or a condition."""
    bodies: Sequence[list[nodes.Node]] = ()
    if isinstance(node, nodes.For):
        bodies = (node.body, node.else_)
    elif isinstance(node, nodes.If):
        bodies = (node.body, *(each.body for each in node.elif_), node.else_)
    return (body for body in bodies if body)


def _sheets(html: str) -> list[str]:
    """The style sheets of a document."""
    return [found[2] for found in _STYLE.finditer(html) if found[1]]


def _selectors(sheet: str) -> Iterator[str]:
    """The selectors of the rules that are inlined: those that stand in no at-rule."""
    open_rules: list[bool] = []
    for prelude, end in _RULE.findall(sheet):
        if end == "{":
            is_rule = not prelude.strip().startswith("@")
            if is_rule and not open_rules:
                yield prelude
            open_rules.append(is_rule)
        elif end == "}" and open_rules:
            open_rules.pop()


def _check_parsed(written: str, inlined: str) -> None:
    """Refuse a document in which the parser finds other elements, or elsewhere, than they are written."""
    wanted = list(_tokens(written))
    if ("-", "body") in wanted and any(kind == "#" for kind, _ in wanted[wanted.index(("-", "body")) :]):
        raise UnfitError("something stands behind the body")
    left = iter(wanted)
    expected = next(left, None)
    for token in _tokens(inlined):
        if token == expected:
            expected = next(left, None)
        elif token[1] not in _MAY_BE_ADDED or token[0] not in "+-":
            raise UnfitError(f"the parser changes the structure: {token}, where {expected} is written")
    if expected is not None:
        raise UnfitError(f"the parser drops {expected}")


def _tokens(html: str) -> Iterator[Token]:
    """Tags, borders of regions and words, as far as they say how the document is built."""
    position = 0
    sheet = False
    for found in _TOKEN.finditer(html):
        words = unescape(html[position : found.start()]).strip()
        if words and not sheet:
            yield ("#" if "\ue000" in words else " ", words)
        position = found.end()
        if found[1]:
            yield ("#", found[1])
        elif found[3]:
            name = found[3].lower()
            sheet = name == "style" and not found[2]
            if not (found[2] and name in _VOID):
                yield ("-" if found[2] else "+", name)
    if words := unescape(html[position:]).strip():
        yield (" ", words)


def _check_regions(inlined: str, marks: list[_Mark]) -> None:
    """Refuse a region whose borders are not between the same two tags."""
    inside: list[int] = [0]
    borders: dict[_Region, int] = {}
    for number, found in enumerate(_TOKEN.finditer(inlined), 1):
        if found[1]:
            region = marks[int(found[1])].region
            if region is not None and borders.setdefault(region, inside[-1]) != inside[-1]:
                raise UnfitError("a condition or loop begins in one element and ends in another")
        elif found[3] and found[2]:
            inside.pop()
        elif found[3] and found[3].lower() not in _VOID:
            inside.append(number)
