"""The templates that go into a flat tree, as Jinja2 parses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.rendering.direct.purity import check_pure

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.rendering.environment import TemplateEnvironment


class Sources:
    """Loads and parses templates, and keeps which they were.

    Args:
        environment: has the loader, the filters and the tests.

    Attributes:
        templates: the names of the templates that were loaded.
        freshness: functions that say whether their files are still the same.
    """

    def __init__(self, environment: TemplateEnvironment) -> None:
        self.templates: list[str] = []
        self.freshness: list[Callable[[], bool]] = []
        self._environment = environment

    def parsed(self, source: str, name: str | None) -> nodes.Template:
        """The tree of a template's source.

        Raises:
            UnfitError: a filter or test of it looks at the context.
            jinja2.TemplateError: the template is wrong.
        """
        tree = self._environment.parse(source, name, name)
        for node in tree.find_all((nodes.Filter, nodes.Test)):
            known = self._environment.filters if isinstance(node, nodes.Filter) else self._environment.tests
            check_pure(known.get(node.name))
        return tree

    def loaded(self, name: str) -> nodes.Template:
        """The tree of the template of that name.

        Raises:
            UnfitError: a filter or test of it looks at the context.
            jinja2.TemplateError: it is not there, or is wrong.
        """
        loader = self._environment.loader
        assert loader is not None  # noqa: S101  # an environment of ours has one
        source, _, is_fresh = loader.get_source(self._environment, name)
        self.templates.append(name)
        if is_fresh is not None:
            self.freshness.append(is_fresh)
        return self.parsed(source, name)
