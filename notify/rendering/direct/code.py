"""Flat trees as Python functions that append to a list."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import exported
from jinja2.utils import missing
from markupsafe import Markup, escape

from notify.rendering.code import Compiler
from notify.rendering.direct.bindings import FRESH, UnfitError
from notify.rendering.environment import TemplateEnvironment
from notify.rendering.preheader import PREHEADER

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from io import StringIO


_BETWEEN = "\ue000"
"""Stands between words that are escaped together; if a value holds it, there are too many of them afterwards."""
_BETWEEN_OCTETS = _BETWEEN.encode()
WORD, TEXT, ATTRIBUTE, COMMENT = "word", "text", "attribute", "comment"
"""How an expression is escaped: not at all, or, in a document that was inlined, as its serialiser writes it there."""

_MOST_PIECES = 200_000
"""What prints more has to be watched on the way, as the plain way does."""


Printed = tuple[list[Any], int, tuple[int, ...]]
"""What a function printed: the pieces, of text or of octets; a bit for each part of the template that was run; and
where in the pieces something is to be put, by the number of the mark."""


class Function(Protocol):
    """A body as a function of the context."""

    def __call__(self, names: Mapping[str, Any]) -> Printed:
        """Raises whatever the template does."""
        ...


def compiled(
    environment: TemplateEnvironment,
    body: list[nodes.Node],
    *,
    extras: Mapping[str, Any],
    present: Container[str],
    marks: int = 0,
    octets: bool = False,
) -> Function:
    """The function that prints a flat tree, as text or, with `octets`, as WireText has it.

    `extras` are names that have a value of their own, `present` those that each context has; without them, it fails.
    An `Output` may have an attribute `mark` (the number of a mark to set there) or `region` (a bit), and its
    expressions `escaped` (TEXT, ATTRIBUTE or COMMENT); else they are escaped as Jinja2 does.
    """
    tree = nodes.Template(_joined(body))
    tree.set_environment(environment)
    generator = _Generator(environment, None, None, optimized=True)
    generator.marks = marks
    generator.octets = octets
    generator.extras = extras
    generator.present = present
    generator.visit(tree)
    namespace: dict[str, Any] = {
        "environment": environment, "extras": extras, "text": text, "attribute": attribute, "texts": texts,
        "attributes": attributes, "comments": comments, "plain": plain, "preheader_of": _preheader,
        "too_long": _too_long,
    }  # fmt: skip
    source = cast("StringIO", generator.stream).getvalue()
    code = compile(source.replace(_CONTEXT, _context_if_used(source)), "<direct>", "exec")
    exec(code, namespace)  # noqa: S102  # Jinja2's own way from source to function
    return cast("Function", namespace["root"])


def text(value: str) -> str:
    """As an HTML 5 serialiser writes text (HTML, section 13.3)."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def attribute(value: str) -> str:
    """As it writes the value of an attribute."""
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("\xa0", "&nbsp;")


def comment(value: str) -> str:
    """As Jinja2 writes it into a comment, which is left alone; hyphens might end it."""
    return TemplateEnvironment.escaped(value) if "-" not in value else _unfit("a value in a comment holds a hyphen")


def texts(several: Iterable[str]) -> list[bytes]:
    """`text` of several words, as they travel."""
    return _on_wire(text(_BETWEEN.join(several))).split(_BETWEEN_OCTETS)


def attributes(several: Iterable[str]) -> list[bytes]:
    """`attribute` of several values, as they travel."""
    return _on_wire(attribute(_BETWEEN.join(several))).split(_BETWEEN_OCTETS)


def comments(several: Iterable[str]) -> list[bytes]:
    """`comment` of several values, as they travel."""
    return _on_wire(comment(_BETWEEN.join(several))).split(_BETWEEN_OCTETS)


def _on_wire(several: str) -> bytes:
    if "\n" in several:
        several = several.replace("\n", "\r\n") if "\r" not in several else _unfit("a value holds a carriage return")
    elif "\r" in several:
        _unfit("a value holds a carriage return")
    if "\0" in several:
        _unfit("a value holds a NUL")
    return several.encode()


def _unfit(reason: str) -> str:
    raise UnfitError(reason)


def plain(environment: TemplateEnvironment, value: Any) -> str:
    """The text of a value that is no `str`, before it is escaped.

    Raises:
        UnfitError: it is markup.
    """
    if type(value) is int:
        return str(value)
    if isinstance(value, Markup) or hasattr(value, "__html__"):
        if not environment.autoescape:
            return str(value)
        escaped = str(escape(value))
        # What was escaped before and holds no tags is a text like any other.
        found = str(Markup(escaped).unescape()) if "<" not in escaped else None  # noqa: S704
        if found is None or str(escape(found)) != escaped:
            raise UnfitError("a value holds markup")
        return found
    return str(environment.printable(value))


def _preheader(names: Mapping[str, Any]) -> Any:
    value = names.get("preheader", missing)
    return names[PREHEADER].use() if value is missing and PREHEADER in names else value


def _too_long() -> None:
    raise UnfitError("it prints very much")


_CONTEXT = "# context"


def _context_if_used(source: str) -> str:
    used = "context." in source or "(context," in source
    return "context = environment.context_class(environment, names, None, {})" if used else "pass"


def _joined(body: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The same with neighbouring outputs as one."""
    found: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.AssignBlock):
            node.body = _joined(node.body)
        elif isinstance(node, nodes.For):
            node.body, node.else_ = _joined(node.body), _joined(node.else_)
        elif isinstance(node, nodes.If):
            node.body, node.else_ = _joined(node.body), _joined(node.else_)
            node.elif_ = cast("list[nodes.If]", _joined(node.elif_))
        last = found[-1] if found else None
        if isinstance(node, nodes.Output) and isinstance(last, nodes.Output) and not (_special(node) or _special(last)):
            last.nodes = [*last.nodes, *node.nodes]
        else:
            found.append(node)
    return found


def _special(node: nodes.Output) -> bool:
    return hasattr(node, "mark") or hasattr(node, "region")


class _Generator(Compiler):
    """Writes one function; names are looked up in a mapping, output goes into a list."""

    marks = 0
    octets = False
    extras: Mapping[str, Any] = MappingProxyType({})
    present: Container[str] = frozenset()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: ARG002, N802
        self.writeline("from jinja2.runtime import " + ", ".join(sorted(exported)))
        self.writeline("def root(names, environment=environment, missing=missing):", extra=1)
        self.indent()
        for line in (
            "get = names.get", "undefined = environment.undefined", "concat = environment.concat",
            "cond_expr_undefined = Undefined", _CONTEXT, "t_out = []", "t_regions = 0",
        ):  # fmt: skip
            self.writeline(line)
        inner = Frame(nodes.EvalContext(self.environment, None))
        for each in node.find_all(nodes.Name):
            # What is looked up here is not looked up in each round of a loop.
            if each.name in self.present or each.name in self.extras:
                inner.symbols.load(each.name)
        inner.symbols.analyze_node(node)
        inner.buffer = "t_out"
        self.enter_frame(inner)
        self.pull_dependencies(node.body)
        self.blockvisit(node.body, inner)
        marks = "".join(f"t_mark{number}, " for number in range(self.marks))
        self.writeline(f"return t_out, t_regions, ({marks})")
        self.outdent()

    def enter_frame(self, frame: Frame) -> None:
        for target, (action, name) in list(frame.symbols.loads.items()):
            if action == "resolve":
                self.writeline(f"{target} = {self._lookup(name)}")
        loads = frame.symbols.loads
        frame.symbols.loads = {target: load for target, load in loads.items() if load[0] != "resolve"}
        super().enter_frame(frame)
        frame.symbols.loads = loads

    def _lookup(self, name: str | None) -> str:
        if name in self.extras:
            return f"extras[{name!r}]"
        if name in self.present:
            return f"names[{name!r}]"
        return "preheader_of(names)" if name == "preheader" else f"get({name!r}, missing)"

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802
        known = node.name in self.present or node.name in self.extras or FRESH in node.name
        if node.ctx == "load" and known:
            self.write(frame.symbols.ref(node.name))
        else:
            super().visit_Name(node, frame)

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        if hasattr(node, "word"):
            self.write(node.word)
        elif hasattr(node, "looped"):
            del node.looped
            self.write("environment.paced(")
            self.visit(node, *args, **kwargs)
            self.write(")")
        else:
            super().visit(node, *args, **kwargs)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        check = nodes.Output([])
        check.check = True  # type: ignore[attr-defined]
        node.body.insert(0, check)
        node.iter.looped = True  # type: ignore[attr-defined]
        CodeGenerator.visit_For(self, node, frame)

    def pop_assign_tracking(self, frame: Frame) -> None:  # noqa: ARG002
        self._assign_stack.pop()

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> None:  # noqa: N802
        octets, self.octets = self.octets, False
        super().visit_AssignBlock(node, frame)
        self.octets = octets

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        if hasattr(node, "mark"):
            self.writeline(f"t_mark{node.mark} = len(t_out)")
            self.writeline("t_out.append(None)")
        elif hasattr(node, "check"):
            self.writeline(f"if len(t_out) > {_MOST_PIECES}: too_long()")
        elif hasattr(node, "region"):
            self.writeline(f"t_regions |= {node.region}")
        else:
            self._escape_together(node, frame)
            super().visit_Output(node, frame)

    def _escape_together(self, node: nodes.Output, frame: Frame) -> None:
        """Escape the words of one output in one go."""
        for kind in (TEXT, ATTRIBUTE, COMMENT):
            together = [each for each in node.nodes if self._escaping(each, frame) == kind]
            if not self.octets or not together:
                continue
            names = [self.temporary_identifier() for _ in together]
            self.writeline(f"{', '.join(names)}, = {kind}s((")
            for each in together:
                self._write_plain(each, frame)
                self.write(", ")
            self.write("))")
            for each, name in zip(together, names, strict=True):
                each.word = name  # type: ignore[attr-defined]

    @staticmethod
    def _escaping(node: nodes.Expr, frame: Frame) -> str | None:
        """How an expression is escaped: WORD for not at all, None for Jinja2's own way."""
        kind: str | None = getattr(node, "escaped", None)
        if kind is not None or frame.eval_ctx.autoescape:
            return kind
        return None if isinstance(node, (nodes.TemplateData, nodes.Const)) else WORD

    def _write_plain(self, node: nodes.Expr, frame: Frame) -> None:
        name = self.temporary_identifier()
        self.write(f"({name} if ({name} := ")
        self.visit(node, frame)
        self.write(f").__class__ is str else plain(environment, {name}))")

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        text = "".join(group)
        return repr(_on_wire(text) if self.octets else text)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if hasattr(node, "escaped"):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if hasattr(node, "word"):
            return
        kind = self._escaping(node, frame)
        if kind is None:
            super()._output_child_pre(node, frame, finalize)
            return
        name = self.temporary_identifier()
        self._printed.append(name)
        self.write(f"{'' if kind == WORD else kind}(({name} if ({name} := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if hasattr(node, "word"):
            return
        if self._escaping(node, frame) is None:
            super()._output_child_post(node, frame, finalize)
        else:
            name = self._printed.pop()
            self.write(f").__class__ is str else plain(environment, {name})))")
