"""What a name stands for that no template sets, and the names of what a flat tree adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from notify.rendering.direct.bindings import CHANGING, FRESH, Missing, Same, UnfitError, is_plain
from notify.rendering.direct.purity import check_pure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.rendering.direct.bindings import Binding
    from notify.rendering.environment import TemplateEnvironment

_SPECIAL = frozenset({"self", "super", "caller", "varargs", "kwargs", "loop"})


class Names:
    """The names of one flat tree.

    Args:
        environment: its globals are what templates see that are imported.
        constants: names whose values are the same in every message.
        fixed: names whose values are the same in nearly every message; `checked` holds those that were used.
        names: the names that a message's context holds, all these included.

    Attributes:
        extras: what the flat tree needs beside the context, by name.
        checked: the `fixed` names that the tree holds for.
        absent: names that were taken to stand for nothing, since no context has held them.
    """

    def __init__(
        self,
        environment: TemplateEnvironment,
        constants: Mapping[str, Any],
        fixed: Mapping[str, Any],
        names: Iterable[str],
    ) -> None:
        self.extras: dict[str, Any] = {}
        self.checked: dict[str, Any] = {}
        self.absent: set[str] = set()
        self._globals = environment.globals
        self._constants = constants
        self._fixed = fixed
        self._names = frozenset(names)
        self._count = 0

    def of_context(self, name: str) -> Binding:
        """What the name stands for in a message's context.

        Raises:
            UnfitError: it has a meaning of its own in Jinja2, or is a function that looks at the context.
        """
        if name in self._constants:
            value = self._constants[name]
            check_pure(value)
            return Same(nodes.Const(value) if is_plain(value) else nodes.Name(name, "load"))
        if name in self._fixed:
            self.checked[name] = self._fixed[name]
            return Same(nodes.Const(self._fixed[name]))
        if name in _SPECIAL:
            raise UnfitError(f"it uses {name}")
        if name in self._names or name == "preheader":
            return Same(nodes.Name(name, "load"))
        self.absent.add(name)
        return Missing(name)

    def of_globals(self, name: str) -> Binding:
        """What it stands for in a template that is imported, which sees nothing of the message.

        Raises:
            UnfitError: it has a meaning of its own in Jinja2, or is a function that looks at the context.
        """
        if name in _SPECIAL:
            raise UnfitError(f"it uses {name}")
        if name not in self._globals:
            return Missing(f"{name}{CHANGING}0")
        value = self._globals[name]
        check_pure(value)
        return Same(nodes.Const(value) if is_plain(value) else self.known(value))

    def fresh(self, name: str, mark: str = FRESH) -> str:
        """A name like this one that nothing else has; `mark` says whether its variable is set once only."""
        self._count += 1
        return f"{name}{mark}{self._count}"

    def known(self, value: Any) -> nodes.Expr:
        """An expression for a value that is not written into the code."""
        name = next((name for name, each in self.extras.items() if each is value), None)
        if name is None:
            name = self.fresh("known")
            self.extras[name] = value
        return nodes.Name(name, "load")
