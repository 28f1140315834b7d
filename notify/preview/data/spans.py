"""Where each value of a YAML text begins and ends, to change the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEPT = re.compile(r"(?:[&!]\S*\s+)*+[|>][0-9]?\+")


@dataclass(frozen=True, slots=True)
class Span:
    """A value from `start` to `end`, as characters of the text; `column` counts from 0.

    The end is that of what is written: no comment, and no blank line but those that a block scalar with `+` keeps.
    `children` are the items, or by turns the keys and values. `value` is a scalar's text.
    """

    start: int
    end: int
    column: int
    is_mapping: bool = False
    is_flow: bool = False
    children: tuple[Span, ...] = ()
    value: str | None = None

    def get(self, key: str) -> Span | None:
        """The value of a key of a mapping."""
        return next((value for name, value in self.entries() if name.value == key), None)

    def entries(self) -> list[tuple[Span, Span]]:
        """The keys and values of a mapping."""
        return list(zip(self.children[::2], self.children[1::2], strict=True)) if self.is_mapping else []


def spans(text: str) -> Span:
    """The root of a text that is YAML, without a byte order mark; an empty scalar if it holds nothing."""
    waiting: list[tuple[Any, list[Span]]] = []
    root = Span(0, 0, 0, value="")
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            waiting.append((event, []))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            done = _collection(*waiting.pop(), event)
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            done = _leaf(event, text)
        else:
            continue
        if waiting:
            waiting[-1][1].append(done)
        else:
            root = done
    return root


def _collection(start: Any, children: list[Span], end: Any) -> Span:
    mark = start.start_mark
    return Span(
        mark.index,
        end.end_mark.index if start.flow_style else children[-1].end,
        mark.column if start.flow_style else children[0].column,  # an anchor may stand before it
        is_mapping=isinstance(start, yaml.MappingStartEvent),
        is_flow=start.flow_style,
        children=tuple(children),
    )


def _leaf(event: Any, text: str) -> Span:
    start, end = event.start_mark.index, event.end_mark.index
    is_block = isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}
    if is_block and not _KEPT.match(text, start):
        end = start + len(text[start:end].rstrip())
    return Span(start, end, event.start_mark.column, value=getattr(event, "value", None))
