"""Filters as they are applied: whether there are such, whether they take the value, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jinja2 import nodes
from jinja2.filters import FILTERS

from notify.checks.analysis.filters import (
    TOLERANT,
    attribute_name,
    begins_a_url,
    filtered,
    items_of,
    needs_items,
    text_of,
)
from notify.checks.analysis.members import known_members, member
from notify.checks.analysis.scope import shown
from notify.checks.analysis.values import ANY, NEVER, Instance, ListOf, Scalar, Special, Value, scalar
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.checks.analysis.frame import Frame
    from notify.checks.analysis.written import Spot

UNSAFE = frozenset({"str", "Text", "Email", "Url", "Path", "bytes"})
"""Types whose values may hold markup that nobody looked at."""
_CHANCE = frozenset({"random", "shuffle"})
STEADY = "hand it over as a param, so that equal params give an equal mail"


class Evaluate(Protocol):
    """Evaluates an expression."""

    def __call__(self, node: nodes.Node, frame: Frame) -> Value:
        """What it may be."""


class Find(Protocol):
    """Evaluates an expression that may as well be undefined."""

    def __call__(self, node: nodes.Node, frame: Frame) -> Value | None:
        """What it may be; None if it is undefined."""


class Filtering:
    """Follows filters."""

    def __init__(self, value: Evaluate, find: Find) -> None:
        self._value = value
        self._find = find

    def filter(self, node: nodes.Filter, frame: Frame) -> Value:
        """What a filter gives; the value comes from a block where the filter has none."""
        arguments = [self._value(each, frame) for each in _given(node)]
        if node.name not in frame.run.library.filters:
            return self._unknown(node, frame)
        if node.node is None:
            value = scalar("markup" if frame.run.part == "html" else "str")
        elif node.name in {"default", "d"}:
            value = self._find(node.node, frame) or NEVER
        else:
            value = self._value(node.node, frame)
            if node.name in FILTERS and node.name not in TOLERANT:
                value = frame.use(value, node.node)
            else:
                frame.need(value)
        if node.name in _CHANCE:
            frame.report("nondeterministic", node, f"the filter {node.name!r} gives another value each time", STEADY)
        if node.name == "format":
            arguments = [frame.use(given, each) for given, each in zip(arguments, _given(node), strict=True)]
        if node.name == "safe":
            bypassed(value, node, frame)
        if needs_items(node.name):
            self._check_items(node, value, frame)
        if node.name == "format" and isinstance(node.node, nodes.Const):
            return formatted(node.node, value, arguments)
        return filtered(node, value, arguments)

    def _unknown(self, node: nodes.Filter, frame: Frame) -> Value:
        if node.node is not None:
            self._find(node.node, frame)
        if node.name not in frame.written.asked:
            hint = near(node.name, frame.run.library.filters)
            frame.report("unknown-filter", node, f"there is no filter {node.name!r}", hint)
        return ANY

    def _check_items(self, node: nodes.Filter, value: Value, frame: Frame) -> None:
        item = items_of(value)
        if item is None:
            name = shown(node)
            at_fault = value.passed or (frame.where(node.node) if node.node is not None else frame.spot(node))
            message = f"{name} is {described(value)}, and {node.name!r} takes a list"
            frame.report("not-iterable", at_fault, message)
            return
        name_of = attribute_name(node)
        tests = [each.value for each in node.args if isinstance(each, nodes.Const)]
        is_lenient = bool({"defined", "undefined"} & {each for each in tests if isinstance(each, str)})
        if name_of is not None and not is_lenient and not any(each.key == "default" for each in node.kwargs):
            for each in name_of.split(",") if node.name == "sort" else [name_of]:
                self._check_attribute(node, item, each, frame)
        elif node.name == "join" and item.with_taint(value.tainted).may_be_none:
            message = f"{shown(node)} may hold None"
            where = frame.where(node.node) if node.node is not None else frame.spot(node)
            frame.report("optional", where, message, "take what is there: `| select`")

    def _check_attribute(self, node: nodes.Filter, item: Value, dotted: str, frame: Frame) -> None:
        owner: Value = item
        for step in dotted.split("."):
            found = member(owner, step)
            if found is None:
                constants = [each.value for each in node.kwargs if each.key == "attribute"] + list(node.args)
                spot = frame.spot(next(iter(constants), node))
                no_attribute(spot, f"an item of {shown(node)}", owner, step, frame)
                return
            owner = found


def _given(node: nodes.Filter) -> list[nodes.Expr]:
    """The arguments of a filter, those with a name last."""
    return [*node.args, *(each.value for each in node.kwargs)]


def bypassed(value: Value, node: nodes.Node, frame: Frame) -> None:
    """Note a value of a param that is put into HTML as it is."""
    if frame.run.part in {"html", "markdown"} and value.tainted and value.names() & UNSAFE:
        inner = node.node if isinstance(node, nodes.Filter) and node.node is not None else node
        name = shown(inner)
        message = f"{name} comes from a param that is not Html, and is put into the HTML as it is"
        spot = value.passed or (frame.spot(node) if isinstance(node, nodes.Filter) else frame.where(node))
        frame.report("unescaped", spot, message, "let it be escaped, or declare the param as Html")


def no_attribute(spot: Spot, whose: str, owner: Value, name: str, frame: Frame) -> None:
    """Note that a value has no attribute of that name."""
    module = next((arm for arm in owner.arms if isinstance(arm, Special) and arm.kind == "module"), None)
    message = f"{whose} has no {name!r}" if module is None else f"{module.about.name} has no {name!r}"
    is_plain = all(isinstance(arm, (Scalar, Instance, ListOf)) for arm in owner.arms)
    known = known_members(owner)
    frame.report("undefined-attribute", spot, message, near(name, known) if is_plain else did_you_mean(name, known))


def near(name: str, known: Iterable[str]) -> str:
    """What was probably meant, if anything is near; nobody wants to read all filters, or all methods of a text."""
    hint = did_you_mean(name, known)
    return hint if hint.startswith("did you mean") else ""


def described(value: Value) -> str:
    """What a value is, in a word."""
    names = sorted(value.names())
    return " or ".join(names) if names else "no list"


def text_from(first: nodes.Node, values: list[Value]) -> Value:
    """The text that several values make together; what the `first` expression begins with decides where it leads."""
    text = text_of(values)
    if isinstance(first, nodes.Const) and begins_a_url(first.value) and text.names() == {"str"}:
        return scalar("Url", tainted=text.tainted)
    return text


def formatted(pattern: nodes.Node, value: Value, arguments: list[Value]) -> Value:
    """The text of a pattern; what it begins with decides where it leads."""
    template = pattern.value if isinstance(pattern, nodes.Const) else None
    if isinstance(template, str) and template.startswith("%s") and arguments:
        return text_of([arguments[0], value, *arguments])
    return text_from(pattern, [value, *arguments])
