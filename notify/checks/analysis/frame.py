"""What is at hand while a template is followed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from notify.checks.analysis.scope import Scope, shown
from notify.checks.analysis.written import Spot, Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import nodes

    from notify.checks.analysis.found import Kind, Notes
    from notify.checks.analysis.library import Library
    from notify.checks.analysis.values import Value

Part = Literal["html", "text", "markdown", "line"]
"""What is rendered; a line is a subject, a header's value and the like."""

Chain = dict[str, list[tuple[Written, "nodes.Block"]]]
"""The definitions of each block, the innermost template's first."""

MOST_CALLS = 2000
MOST_DEPTH = 30


@dataclass(slots=True, eq=False)
class Macro:
    """A macro, with the place where it is defined; `levels` is how many calls of it are inside one another now."""

    node: nodes.Macro
    frame: Frame
    is_called: bool = False
    levels: int = 0


@dataclass(slots=True, eq=False)
class Loop:
    """A loop that is being followed: what it gives one by one, and where its body stands."""

    node: nodes.For
    frame: Frame
    item: Value
    depth: int = 0


@dataclass(slots=True, eq=False)
class Caller:
    """The body of a call block, with the place where it stands."""

    node: nodes.CallBlock
    frame: Frame
    is_called: bool = False


class Module:
    """What an imported template gives."""

    def __init__(self, name: str, exported: Mapping[str, Value]) -> None:
        self.name = name
        self.exported = exported

    def get(self, name: str) -> Value | None:
        """What it calls so."""
        return self.exported.get(name)


@dataclass(slots=True)
class Run:
    """One part of a notification that is followed from its beginning.

    Attributes:
        library: the templates.
        notes: takes what is found.
        part: what is rendered.
        globals: what templates see that are imported without the context.
        params: the names of the params.
        depth: how many templates, blocks and macros are inside one another.
        calls: how many there were.
        tail: the last of what was printed, for who must know what a value follows.
        is_quiet: whether nothing is noted for now.
        macros: those that were defined.
        sites: where the macros are called that are followed now, the outermost first.
    """

    library: Library
    notes: Notes
    part: Part
    globals: Mapping[str, Value]
    params: frozenset[str]
    depth: int = 0
    calls: int = 0
    tail: str = ""
    is_quiet: bool = False
    macros: list[Macro] = field(default_factory=list)
    sites: list[Spot] = field(default_factory=list)

    def may_enter(self) -> bool:
        """Whether one more template, block or macro is followed."""
        self.calls += 1
        if self.calls > MOST_CALLS:
            self.notes.is_complete = False
        return self.calls <= MOST_CALLS and self.depth < MOST_DEPTH


@dataclass(slots=True)
class Frame:
    """A place in a template.

    Attributes:
        run: what it is a part of.
        written: the template.
        scope: the names there.
        chain: the blocks of the templates that extend one another.
        block: the block that is followed and which of its definitions, for `super()`.
        is_top: whether names that are set there are seen by blocks.
        is_silent: whether what is printed there goes nowhere, since the template extends another.
        is_bypassed: whether values are printed there as they are, although the part is HTML.
        root: the names that blocks see.
    """

    run: Run
    written: Written
    scope: Scope
    chain: Chain
    block: tuple[str, int] | None = None
    is_top: bool = False
    is_silent: bool = False
    is_bypassed: bool = False
    root: Scope | None = None

    def inner(self, scope: Scope | None = None) -> Frame:
        """The same place with names of its own."""
        return replace(self, scope=self.scope.inner() if scope is None else scope, is_top=False)

    def spot(self, node: nodes.Node) -> Spot:
        """Where a node begins."""
        return Spot(self.written, node.lineno or 0)

    def report(self, kind: Kind, node: nodes.Node | Spot, message: str, hint: str = "") -> None:
        """Note what is found at a node."""
        if self.run.is_quiet:
            return
        spot = node if isinstance(node, Spot) else self.spot(node)
        if spot.written.is_shipped and self.run.sites:
            # What a component does is as it should be: the call is to be mended.
            message = f"{message}, in {spot.written.name}"
            spot = next((site for site in reversed(self.run.sites) if not site.written.is_shipped), spot)
        self.run.notes.add(kind, spot.location, message, hint)

    def use(self, value: Value, node: nodes.Node) -> Value:
        """The value where None cannot be used; noted if it may be None."""
        self.need(value)
        if value.may_be_none:
            if value.passed is not None:
                message = "this argument may be None, and the macro uses it without a test"
                self.report("optional", value.passed, message, "test it before, or give `or` something else")
            else:
                name = shown(node)
                hint = "" if name == "this value" else f"write {{% if {name} %}} around it, or `{name} or ...`"
                self.report("optional", self.where(node), f"{name} may be None here", hint)
        return value.given()

    def need(self, value: Value) -> None:
        """Note an argument that was not given."""
        missing = value.missing
        if missing is not None:
            self.report("macro-arguments", missing.spot, missing.what)

    def where(self, node: nodes.Node) -> Spot:
        """Where an expression begins that the parser places at one of its operators."""
        first = node
        while True:
            inner = getattr(first, "node", None) or getattr(first, "left", None) or getattr(first, "expr", None)
            if inner is None or type(first).__name__ in {"Not", "Neg", "Pos"}:
                return self.spot(first)
            first = inner
