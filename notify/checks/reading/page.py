"""The HTML of a mail as it is sent, as a tree of elements that know where the templates print them."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from notify.checks.reading.css import declarations, effective, sheet, styled
from notify.checks.reading.looks import Look, looks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from notify.checks.reading.css import Declaration, Sheet, StyleRule
    from notify.markup.tokens import Token

_NO_TEXT = frozenset({"head", "noscript", "script", "style", "svg", "template", "title"})
_PSEUDO = ":"
_BLOCKS = frozenset({
    "br", "caption", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table",
    "td", "th", "tr", "ul",
})  # fmt: skip


class Element:
    """An element of a mail.

    Attributes:
        tag: its name in small letters.
        attributes: their values by name; empty where there is no value.
        parent: the element around it, if any.
        children: what is in it: elements and texts.
        offset: where its start tag stands in the document that the templates print; that of the nearest element before
            it where a parser added it.
    """

    __slots__ = ("__dict__", "attributes", "children", "offset", "parent", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, str], parent: Element | None, offset: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []
        self.offset = offset

    @property
    def style(self) -> Mapping[str, str]:
        """What its `style` attribute says, in small letters by property."""
        return styled(self.attributes.get("style", ""))

    @property
    def declared(self) -> tuple[Declaration, ...]:
        """The declarations of its `style` attribute."""
        css = self.attributes.get("style")
        return declarations(css) if css else ()

    def around(self) -> Iterator[Element]:
        """Itself, and the elements around it, from inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def inside(self) -> Iterator[Element]:
        """The elements in it, in their order."""
        todo = [each for each in reversed(self.children) if isinstance(each, Element)]
        while todo:
            element = todo.pop()
            yield element
            todo += (each for each in reversed(element.children) if isinstance(each, Element))

    @cached_property
    def has_words(self) -> bool:
        """Whether letters or digits stand in it that are not in an element of their own."""
        return self.tag not in _NO_TEXT and any(letter.isalnum() for text in self.own for letter in text)

    @property
    def own(self) -> list[str]:
        """The texts in it that are not in an element of their own."""
        return [each for each in self.children if isinstance(each, str)]

    @cached_property
    def words(self) -> str:
        """The text in it, on one line."""
        return " ".join("".join(self._pieces()).split())

    @property
    def name(self) -> str:
        """What is read of it, as of a link: a label, or the text in it with what stands for images; perhaps empty."""
        images = (each.attributes.get("alt", "") for each in self.inside() if each.tag == "img")
        own = (self.attributes.get(name, "") for name in ("aria-label", "title"))
        return " ".join(" ".join([self.words, *images]).split()) or next(filter(None, map(str.strip, own)), "")

    def _pieces(self) -> Iterator[str]:
        todo: list[Element | str] = [self]
        while todo:
            each = todo.pop()
            if isinstance(each, str):
                yield each
            elif each.tag not in _NO_TEXT:
                if each.tag in _BLOCKS:
                    yield " "
                    todo.append(" ")
                todo += reversed(each.children)

    def __repr__(self) -> str:
        return f"<{self.tag}>"


class Page:
    """A document.

    Args:
        html: the HTML as it is sent.
        tokens: those of the document that the templates print, for the places.
    """

    def __init__(self, html: str, tokens: Sequence[Token]) -> None:
        from selectolax.lexbor import LexborHTMLParser

        self._tree = LexborHTMLParser(html.replace("\x00", "").encode("utf-8", "replace") or b"<html></html>")
        self._by_node: dict[int, Element] = {}
        self.elements = tuple(self._read(tokens))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """What is left in its `style` elements."""
        return tuple(sheet("".join(map(str, each.children))) for each in self.elements if each.tag == "style")

    @property
    def rules(self) -> Iterator[StyleRule]:
        """The rules that are left in its `style` elements."""
        return (rule for each in self.sheets for rule in each.rules)

    def matching(self, selector: str) -> list[Element]:
        """The elements that a selector matches; none for one that asks for more than the document, such as `:hover`."""
        from selectolax.lexbor import SelectolaxError

        try:
            found = self._tree.css(selector)
        except (SelectolaxError, ValueError):
            return []
        return [self._by_node[node.mem_id] for node in found if node.mem_id in self._by_node]

    @cached_property
    def looks(self) -> dict[Element, Look]:
        """How each element looks."""
        return looks(self.elements, self._extra(dark=False))

    @cached_property
    def dark_looks(self) -> dict[Element, Look]:
        """How each element looks in dark mode, in clients that follow the mail's own rules."""
        return looks(self.elements, self._extra(dark=True))

    @cached_property
    def shown(self) -> tuple[Element, ...]:
        """The elements of the body that are to be seen, without those that a parser reads as the head."""
        return tuple(each for each, look in self.looks.items() if not look.hidden)

    def _extra(self, *, dark: bool) -> dict[Element, dict[str, str]]:
        """What rules say that were not inlined: beneath the inlined ones, unless they are important."""
        under: dict[Element, list[Declaration]] = defaultdict(list)
        for rule in self.rules:
            if not rule.within or (dark and rule.is_dark):
                for element in self._matched(rule):
                    under[element] += rule.declarations
        merged = {}
        for element, found in under.items():
            merged[element] = effective([*found, *element.declared])
        return merged

    def _matched(self, rule: StyleRule) -> Iterator[Element]:
        for selector in rule.selectors:
            if _PSEUDO not in selector:
                yield from self.matching(selector)

    def _read(self, tokens: Sequence[Token]) -> Iterator[Element]:
        root = self._tree.root
        places = _Places(tokens, Counter(node.tag for node in root.traverse()) if root is not None else Counter())
        offset = 0
        todo: list[tuple[LexborNode, Element | None]] = [] if root is None else [(root, None)]
        while todo:
            node, parent = todo.pop()
            tag = node.tag or ""
            if tag == "-text":
                if parent is not None:
                    parent.children.append(node.text_content or "")
                continue
            if tag.startswith(("-", "!")):
                continue
            place = places.next(tag)
            offset = offset if place is None else place
            attributes = {name: value or "" for name, value in node.attributes.items()}
            element = self._by_node[node.mem_id] = Element(tag, attributes, parent, offset)
            if parent is not None:
                parent.children.append(element)
            todo += [(child, element) for child in reversed(list(node.iter(include_text=True)))]
            yield element


class _Places:
    """Where the document prints the next element of a name: the tree has them in the order of the start tags."""

    def __init__(self, tokens: Sequence[Token], counts: Mapping[str | None, int]) -> None:
        found: dict[str, list[int]] = defaultdict(list)
        for token in tokens:
            if token.kind == "start":
                found[token.name].append(token.start)
        # A parser that added or moved elements of a name would lead us astray.
        self._next = {name: iter(starts) for name, starts in found.items() if len(starts) == counts.get(name)}

    def next(self, name: str) -> int | None:
        return next(self._next[name], None) if name in self._next else None
