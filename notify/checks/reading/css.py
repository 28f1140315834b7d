"""Style sheets and `style` attributes, taken apart with the places of their parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_GROUPS = frozenset({"container", "document", "layer", "media", "scope", "starting-style", "supports"})
"""At-rules that hold rules."""
_SHORTHANDS = frozenset({"background", "font", "list-style", "margin", "padding"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property and its value, without `!important`; `start` is its place in the CSS."""

    name: str
    value: str
    important: bool
    start: int

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@dataclass(frozen=True, slots=True)
class AtRule:
    """An at-rule: its name without the sign, what follows the name, and its place in the CSS."""

    name: str
    prelude: str
    start: int


@dataclass(frozen=True, slots=True)
class StyleRule:
    """Selectors and what they say; `within` are the at-rules around it, the outermost first."""

    selectors: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    start: int
    within: tuple[AtRule, ...] = ()

    @property
    def is_dark(self) -> bool:
        """Whether it counts in dark mode only."""
        return any(is_dark(each) for each in self.within)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet: its rules and at-rules, in their order."""

    rules: tuple[StyleRule, ...] = ()
    at_rules: tuple[AtRule, ...] = ()


def is_dark(rule: AtRule) -> bool:
    """Whether an at-rule asks for dark mode."""
    return rule.name == "media" and "dark" in rule.prelude and "prefers-color-scheme" in rule.prelude


@lru_cache(maxsize=256)
def sheet(css: str) -> Sheet:
    """A style sheet; what cannot be parsed is left out, as browsers do."""
    import tinycss2

    rules: list[StyleRule] = []
    at_rules: list[AtRule] = []
    lines = _Lines(css)
    _read(tinycss2.parse_stylesheet(lines.css, skip_comments=True, skip_whitespace=True), (), lines, rules, at_rules)
    return Sheet(tuple(rules), tuple(at_rules))


@lru_cache(maxsize=4096)
def declarations(css: str) -> tuple[Declaration, ...]:
    """What a `style` attribute says."""
    import tinycss2

    lines = _Lines(css)
    return tuple(_declarations(tinycss2.parse_blocks_contents(lines.css), lines))


def effective(found: Sequence[Declaration]) -> dict[str, str]:
    """Values in small letters by property: the last one, or the last important one; a shorthand sets its longhands."""
    result: dict[str, str] = {}
    for each in (*(one for one in found if not one.important), *(one for one in found if one.important)):
        if each.name in _SHORTHANDS:
            for name in [name for name in result if name.startswith(f"{each.name}-")]:
                del result[name]
        result[each.name] = each.value.lower()
    return result


@lru_cache(maxsize=4096)
def styled(css: str) -> Mapping[str, str]:
    """What a `style` attribute comes to, likewise."""
    return effective(declarations(css))


class _Lines:
    """Offsets in a text of what tinycss2 tells by line and column."""

    def __init__(self, css: str) -> None:
        # As tinycss2 does, so that its lines are ours; offsets stay what they are.
        self.css = css.replace("\r\n", " \n").replace("\r", "\n").replace("\f", "\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self.css.split("\n"))]

    def offset(self, node: Any) -> int:
        return self._starts[int(node.source_line) - 1] + int(node.source_column) - 1


def _read(
    nodes: Sequence[Any],
    within: tuple[AtRule, ...],
    lines: _Lines,
    rules: list[StyleRule],
    at_rules: list[AtRule],
) -> None:
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            selectors = tuple(_selectors(node.prelude))
            content = tinycss2.parse_blocks_contents(node.content)
            rules.append(StyleRule(selectors, tuple(_declarations(content, lines)), lines.offset(node), within))
        elif node.type == "at-rule":
            rule = AtRule(node.lower_at_keyword, _text(node.prelude).lower(), lines.offset(node))
            at_rules.append(rule)
            if node.content is not None and rule.name in _GROUPS:
                inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                _read(inner, (*within, rule), lines, rules, at_rules)


def _declarations(nodes: Sequence[Any], lines: _Lines) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "declaration":
            yield Declaration(node.lower_name, _text(node.value), bool(node.important), lines.offset(node))


def _selectors(prelude: Sequence[Any]) -> Iterator[str]:
    part: list[Any] = []
    for node in prelude:
        if node == ",":
            yield _text(part)
            part = []
        else:
            part.append(node)
    yield _text(part)


def _text(nodes: Sequence[Any]) -> str:
    import tinycss2

    return str(tinycss2.serialize([node for node in nodes if node.type != "comment"])).strip()
