"""From the parser's events to nodes.

PyYAML's own composer recurses, lets the last of two equal keys win and expands aliases without a limit; so the tree is
put together here, with a stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from notify.errors import Fault, Location
from notify.yamlnodes.nodes import MappingNode, ScalarNode, SequenceNode
from notify.yamlnodes.scalars import resolve
from notify.yamlnodes.syntax import explain, quote_template

if TYPE_CHECKING:
    from notify.yamlnodes.nodes import Node
    from notify.yamlnodes.scalars import Plain

MAX_DEPTH = 100
MAX_ALIASED = 10_000
MAX_FAULTS = 100
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where PyYAML was built with it
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_CORE = "tag:yaml.org,2002:"
_TAGS = {"str": str, "int": int, "float": float, "bool": bool, "null": type(None), "map": dict, "seq": list}


class _StopError(Exception):
    """Nothing sensible can be read from here on; the fault is recorded."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet. `size` and `height` are those of the tree with aliases expanded."""

    event: Any
    children: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(slots=True)
class _Anchored:
    node: Node
    size: int
    height: int


def compose(text: str, path: str) -> tuple[Node | None, list[Fault]]:
    """The root node of a file's text, and every fault; None where there is nothing to go on with."""
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if match := _FORBIDDEN.search(text):
        line, column = text.count("\n", 0, match.start()) + 1, match.start() - text.rfind("\n", 0, match.start())
        escape = f"\\u{ord(match[0]):04x}"
        return None, [
            Fault(
                Location(path, line, column),
                f"the character {escape} cannot stand in a YAML file",
                f'write "{escape}" in double quotes',
            )
        ]
    composer = _Composer(text, path)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        composer.faults.append(explain(error, text, path))
        return None, composer.faults
    except _StopError:
        return None, composer.faults
    return composer.root, composer.faults


class _Composer:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.lines: list[str] | None = None
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.aliased = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
            if event.anchor:
                self.anchors[event.anchor] = _Anchored(node, 1, 1)
            self._add(node, 1, 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._stop(event, "a second document begins here; one file holds one")

    def _place(self, mark: Any) -> Location:
        return Location(self.path, mark.line + 1, mark.column + 1)

    def _note(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MAX_FAULTS:
            raise _StopError

    def _fault(self, event: Any, message: str, hint: str = "") -> None:
        self._note(Fault(self._place(event.start_mark), message, hint))

    def _stop(self, event: Any, message: str) -> NoReturn:
        self._fault(event, message)
        raise _StopError

    def _add(self, node: Node, size: int, height: int) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.children.append(node)
        parent.size += size
        parent.height = max(parent.height, height + 1)

    def _begin(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event, f"more than {MAX_DEPTH} levels of nesting")
        if event.tag is not None:
            self._tag(event, dict if isinstance(event, yaml.MappingStartEvent) else list)
        if event.anchor:
            self.anchors[event.anchor] = None  # until its end: an alias to it would have no end
        self.stack.append(_Open(event))

    def _end(self) -> None:
        done = self.stack.pop()
        location = self._place(done.event.start_mark)
        node = self._collection(done, location)
        if done.event.anchor:
            self.anchors[done.event.anchor] = _Anchored(node, done.size, done.height)
        self._add(node, done.size, done.height)

    def _collection(self, done: _Open, location: Location) -> Node:
        start = done.event.start_mark
        if not isinstance(done.event, yaml.MappingStartEvent):
            return SequenceNode(location, tuple(done.children))
        if done.event.flow_style and self.text.startswith("{{", start.index):
            self._note(quote_template(self.path, start.line + 1, start.column + 1, "{{"))
            return ScalarNode(location, "", "", location)
        return self._mapping(done, location)

    def _mapping(self, done: _Open, location: Location) -> MappingNode:
        entries: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        for key, value in zip(done.children[::2], done.children[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                self._note(Fault(key.location, "a list or a mapping cannot be a key", "put it in quotes"))
            elif not isinstance(key.value, str):
                self._note(Fault(key.location, f"the key {key.source or 'null'} is not text", "put it in quotes"))
            elif key.value in entries:
                first = keys[key.value]
                self._note(Fault(key.location, f"{key.value!r} is given twice; first in line {first.line}"))
            else:
                entries[key.value], keys[key.value] = value, key.location
        return MappingNode(location, entries, keys)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            self._fault(event, f"there is no &{event.anchor}", "put text that begins with * in quotes")
            self._add(ScalarNode(location := self._place(event.start_mark), "", "", location), 1, 1)
            return
        target = self.anchors[event.anchor]
        if target is None:
            self._stop(event, f"*{event.anchor} stands inside what it refers to, which has no end")
        self.aliased += target.size
        if self.aliased > MAX_ALIASED or len(self.stack) + target.height > MAX_DEPTH:
            limits = f"more than {MAX_ALIASED:,} values or {MAX_DEPTH} levels"
            self._stop(event, f"references with * make this file too large: {limits}")
        self._add(target.node, target.size, target.height)

    def _tag(self, event: Any, kind: type) -> None:
        name = event.tag.removeprefix(_CORE)
        if event.tag != "!" and (name not in _TAGS or not event.tag.startswith(_CORE)):
            shown = f"!!{name}" if name != event.tag else event.tag
            self._fault(event, f"the tag {shown} is not allowed", "remove it, or put the text in quotes")
        elif event.tag != "!" and _TAGS[name] is not kind:
            self._fault(event, f"the value is not what its tag !!{name} says", "remove the tag")

    def _scalar(self, event: Any) -> ScalarNode:
        text: str = event.value
        value: Plain = text
        if not event.style and event.tag not in {"!", _CORE + "str"}:
            try:
                value = resolve(text)
            except ValueError as error:
                self._fault(event, str(error), "put it in quotes if it is text")
        if event.tag is not None:
            self._tag(event, type(value))
        location = self._place(event.start_mark)
        if event.style == ">":
            return ScalarNode(location, text, text, location, by_line=False)
        if event.style == "|":
            return self._literal_block(event, location)
        return self._on_one_line(event, location, value)

    def _on_one_line(self, event: Any, location: Location, value: Plain) -> ScalarNode:
        """A plain or quoted scalar; one that fills several lines has no line of its own for each line of the text."""
        start, end, text = event.start_mark, event.end_mark, event.value
        if start.line != end.line or "\n" in text:
            return ScalarNode(location, value, text, location, by_line=False)
        skipped = self._properties(event) + (1 if event.style else 0)
        content = Location(self.path, location.line, location.column + skipped) if skipped else location
        return ScalarNode(location, value, text, content)

    def _literal_block(self, event: Any, location: Location) -> ScalarNode:
        index = event.start_mark.index
        header = event.start_mark.line + self.text.count("\n", index, index + self._properties(event))
        indent = self._indent(event.value, header + 1)
        content = Location(self.path, header + 2, indent + 1)
        return ScalarNode(location, event.value, event.value, content, indent=indent)

    def _properties(self, event: Any) -> int:
        """How many characters of anchor and tag stand before the scalar itself."""
        if not (event.anchor or event.tag):
            return 0
        match = _PROPERTIES.match(self.text, event.start_mark.index)
        return match.end() - match.start() if match else 0

    def _indent(self, text: str, line: int) -> int:
        """How far a literal block is indented that begins in `line` (from 0): what the parser cut off."""
        if self.lines is None:
            self.lines = self.text.split("\n")
        for offset, content in enumerate(text.split("\n")):
            if content.strip(" "):
                return len(self.lines[line + offset]) - len(content)
        return 0
