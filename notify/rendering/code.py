"""How templates become Python: Jinja2's code generator with fast lookups, and with limits where there were none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, optimizeconst

if TYPE_CHECKING:
    from jinja2.compiler import Frame


def _escapes(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


class Compiler(CodeGenerator):
    """Writes `item.name` as a look into a dict first, and `{{ x }}`, `~` and `for` so that they stay within limits.

    What it writes calls `getattr`, `escaped`, `printable`, `joined` and `paced` of the environment.
    """

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802, D102  # the visitor's naming
        name = self.temporary_identifier()
        self.write(f"({name}[{node.attr!r}] if ({name} := ")
        self.visit(node.node, frame)
        self.write(f").__class__ is dict and {node.attr!r} in {name} else environment.getattr({name}, {node.attr!r}))")

    @optimizeconst
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802, D102
        escaping = "context.eval_ctx.autoescape" if frame.eval_ctx.volatile else str(frame.eval_ctx.autoescape)
        self.write(f"environment.joined((markup_join if {escaping} else str_join)((")
        for part in node.nodes:
            self._open_printable()
            self.visit(part, frame)
            self._close_printable()
            self.write(", ")
        self.write(")))")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802, D102
        paced = nodes.EnvironmentAttribute("paced", lineno=node.lineno)
        node.iter = nodes.Call(paced, [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame) and finalize.src is None:
            name = self.temporary_identifier()
            self._printed.append(name)
            self.write(f"(environment.escaped({name}) if ({name} := ")
            return
        super()._output_child_pre(node, frame, finalize)
        self._open_printable()

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame) and finalize.src is None:
            name = self._printed.pop()
            self.write(f").__class__ is str else escape(environment.printable({name})))")
            return
        self._close_printable()
        super()._output_child_post(node, frame, finalize)

    def _open_printable(self) -> None:
        name = self.temporary_identifier()
        self._printed.append(name)
        self.write(f"({name} if ({name} := ")

    def _close_printable(self) -> None:
        name = self._printed.pop()
        self.write(f").__class__ is str else environment.printable({name}))")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._printed: list[str] = []
