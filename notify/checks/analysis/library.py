"""The templates of an environment, each parsed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateError, nodes

from notify.checks.analysis.written import TOO_DEEP, SyntaxFaultError, Written, parse
from notify.definition.walk import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import BaseLoader, Environment

    from notify.definition import InPlace


class Parsed:
    """A template and its tree, or why there is none."""

    def __init__(self, written: Written, tree: nodes.Template | None, fault: SyntaxFaultError | None) -> None:
        self.written = written
        self.tree = tree
        self.fault = fault


class Library:
    """Parses what an environment's loader has.

    Args:
        environment: whose filters, tests and syntax hold.
        loader: where templates come from.
        shown_from: paths below this folder are shown relative to it.
    """

    def __init__(self, environment: Environment, loader: BaseLoader, shown_from: Path | None) -> None:
        self.environment = environment
        self.filters = frozenset(environment.filters)
        self.tests = frozenset(environment.tests)
        self.asked: set[str] = set()
        """The names that were asked for since this was emptied."""
        self._loader = loader
        self._shown_from = shown_from
        self._files: dict[str, Parsed | None] = {}
        self._in_place: dict[InPlace, Parsed] = {}

    def file(self, name: str) -> Parsed | None:
        """The template of that name; None if there is none."""
        self.asked.add(name)
        if name not in self._files:
            self._files[name] = self._read(name)
        return self._files[name]

    def in_place(self, template: InPlace) -> Parsed:
        """A template that is written in a definition."""
        if template not in self._in_place:
            path = template.location.path
            self._in_place[template] = self._parsed(Written(path, path, template.source, template))
        return self._in_place[template]

    def names(self) -> list[str]:
        """The templates that there are."""
        return self._loader.list_templates()

    def _read(self, name: str) -> Parsed | None:
        from pathlib import Path

        try:
            source, filename, _ = self._loader.get_source(self.environment, name)
        except TemplateError:
            return None
        path = shown_path(Path(filename), self._shown_from) if filename else name
        return self._parsed(Written(name, path, source))

    def _parsed(self, written: Written) -> Parsed:
        try:
            tree = parse(self.environment, written)
            written.asked = _asked(tree)
            return Parsed(written, tree, _misplaced(tree))
        except SyntaxFaultError as error:
            return Parsed(written, None, error)
        except RecursionError:
            return Parsed(written, None, SyntaxFaultError(TOO_DEEP, 0))


def _misplaced(tree: nodes.Template) -> SyntaxFaultError | None:
    """What the parser takes and the compiler does not."""
    seen: set[str] = set()
    for block in tree.find_all(nodes.Block):
        if block.name in seen:
            return SyntaxFaultError(f"block {block.name!r} defined twice", block.lineno)
        seen.add(block.name)
    extending = [node for node in tree.body if isinstance(node, nodes.Extends)]
    return SyntaxFaultError("extended multiple times", extending[1].lineno) if len(extending) > 1 else None


def _asked(tree: nodes.Template) -> frozenset[str]:
    return frozenset(
        test.node.value
        for test in tree.find_all(nodes.Test)
        if test.name in {"filter", "test"} and isinstance(test.node, nodes.Const)
    )
