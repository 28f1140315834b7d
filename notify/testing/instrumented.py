"""Templates that tell which of their arms are reached: what `--notify-coverage` measures.

The tree of each template gets a call at the beginning of each arm before Jinja2 makes Python of it, in an environment
of its own. What the templates print stays the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import nodes

from notify.call import Call
from notify.rendering.code import Compiler
from notify.testing.cases import call_of

if TYPE_CHECKING:
    from pathlib import Path

    import jinja2
    from jinja2.compiler import Frame

    from notify.notifier import Notifier
    from notify.rendering import Rendered
    from notify.testing.cases import Case


_Node = TypeVar("_Node", bound=nodes.Node)


@dataclass(frozen=True, slots=True, order=True)
class Arm:
    """One way through a template: a body of `if`, `for`, `macro`, `block` and the like.

    Attributes:
        path: the file, as it is shown.
        line: of the statement, from 1.
        number: counts the arms of one line that have the same words.
        words: what is said of it where nothing reached it.
    """

    path: str
    line: int
    number: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words}"


@dataclass(slots=True)
class Record:
    """What is known of the templates that were compiled.

    Attributes:
        arms: each arm, and whether it was reached.
        literals: what the templates say in their own words, by file; white space of any kind and length is one blank.
    """

    arms: dict[Arm, bool] = field(default_factory=dict)
    literals: dict[str, str] = field(default_factory=dict)

    @property
    def missed(self) -> list[Arm]:
        """The arms that nothing reached, by place."""
        return sorted(arm for arm, reached in self.arms.items() if not reached)

    @property
    def percentage(self) -> float:
        """How many of the arms were reached; 100 where there are none."""
        return 100.0 * sum(self.arms.values()) / len(self.arms) if self.arms else 100.0


class Instrumented:
    """Renders the mails of a notifier with instrumented templates.

    Arms of templates that do not lie below the project, such as those that ship with notify, are not counted.

    Args:
        notifier: whose templates.
        record: what is known already, and what is added to; else a new one.
    """

    def __init__(self, notifier: Notifier, record: Record | None = None) -> None:
        self.record = Record() if record is None else record
        self._base = notifier.configuration.base
        self._composer = notifier.composer(self._configure)

    def rendered(self, case: Case) -> Rendered:
        """The parts of the mail of a case, before the CSS is inlined.

        Raises:
            NotifyError: as `Notifier.render`.
        """
        return self._composer.rendered(case.definition, Call.read(case.definition.id, **call_of(case)))

    def says(self, words: str) -> bool:
        """Whether a template that was compiled has these words itself, outside of all expressions."""
        return any(words in text for text in self.record.literals.values())

    def _configure(self, environment: jinja2.Environment) -> None:
        record, base = self.record, self._base

        class Instrumenting(Compiler):
            def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - the visitor's naming
                path = self.filename or self.name or ""
                literals = (" ".join(data.data.split()) for data in node.find_all(nodes.TemplateData))
                record.literals[path] = "\n".join(literals)
                if (shown := _shown(path, base)) is not None:
                    _Walk(record, reached, shown).template(node)
                super().visit_Template(node, frame)

        # The arms by number: templates that are compiled hold numbers.
        reached = _Reached(record)
        environment.code_generator_class = Instrumenting
        environment.extend(reached=reached)


class _Reached:
    """What an instrumented template calls."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._arms: list[Arm] = []

    def number(self, arm: Arm) -> int:
        """The number by which a template names an arm."""
        self._record.arms.setdefault(arm, False)
        self._arms.append(arm)
        return len(self._arms) - 1

    def __call__(self, number: int, value: object = None) -> object:
        self._record.arms[self._arms[number]] = True
        return value


class _Walk:
    """Puts calls into the tree of one template."""

    def __init__(self, record: Record, reached: _Reached, path: str) -> None:
        self._record = record
        self._reached = reached
        self._path = path
        self._seen: Counter[tuple[int, str]] = Counter()

    def template(self, tree: nodes.Template) -> None:
        """Instrument all arms of a template, in the order of the tree."""
        elifs = {id(each) for branch in tree.find_all(nodes.If) for each in branch.elif_}
        kinds = (nodes.If, nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block, nodes.CondExpr)
        for node in list(tree.find_all(kinds)):
            if isinstance(node, nodes.If):
                if id(node) not in elifs:
                    self._if(node)
            elif isinstance(node, nodes.For):
                self._body(node, "the for was not entered")
                if node.else_:
                    node.else_.insert(0, self._statement(node, "the else of the for was not taken"))
            elif isinstance(node, nodes.Macro):
                self._body(node, f"the macro {node.name} was not called")
            elif isinstance(node, nodes.CallBlock):
                self._body(node, "the body of the call was not asked for")
            elif isinstance(node, nodes.CondExpr):
                self._inline(node)
            elif isinstance(node, nodes.Block) and any(map(_prints, node.body)):
                self._body(node, f"the block {node.name} was not rendered")

    def _if(self, node: nodes.If) -> None:
        self._body(node, "the if was not taken")
        for branch in node.elif_:
            self._body(branch, "the elif was not taken")
        node.else_.insert(0, self._statement(node, "the else of the if was not taken"))

    def _inline(self, node: nodes.CondExpr) -> None:
        node.expr1 = self._call(node, "the inline if was not taken", node.expr1)
        if node.expr2 is not None:
            node.expr2 = self._call(node, "the else of the inline if was not taken", node.expr2)

    def _body(self, node: nodes.If | nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block, words: str) -> None:
        node.body.insert(0, self._statement(node, words))

    def _statement(self, node: nodes.Node, words: str) -> nodes.ExprStmt:
        return self._placed(nodes.ExprStmt(self._call(node, words), lineno=node.lineno), node)

    def _call(self, node: nodes.Node, words: str, value: nodes.Expr | None = None) -> nodes.Call:
        line = node.lineno or 1
        self._seen[line, words] += 1
        number = self._reached.number(Arm(self._path, line, self._seen[line, words], words))
        arguments: list[Any] = [nodes.Const(number, lineno=line), *([] if value is None else [value])]
        target = nodes.EnvironmentAttribute("reached", lineno=line)
        return self._placed(nodes.Call(target, arguments, [], None, None, lineno=line), node)

    @staticmethod
    def _placed(new: _Node, beside: nodes.Node) -> _Node:
        assert beside.environment is not None  # noqa: S101 - the parser sets it
        new.set_environment(beside.environment)
        return new


def _prints(node: nodes.Node) -> bool:
    """Whether a statement is more than white space."""
    return not isinstance(node, nodes.Output) or any(
        not isinstance(each, nodes.TemplateData) or each.data.strip() for each in node.nodes
    )


def _shown(path: str, base: Path) -> str | None:
    """A template's path for people; None for one that is not the project's."""
    full = base / path
    return full.relative_to(base).as_posix() if path and full.is_relative_to(base) else None
