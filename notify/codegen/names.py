"""Names in a generated module: Python's keywords avoided, and none given twice."""

from __future__ import annotations

import keyword

_TAKEN = frozenset({
    "Any", "Decimal", "Literal", "Mapping", "NotRequired", "Notifications", "Notifier", "Prepared", "Sequence",
    "TYPE_CHECKING", "TypeAlias", "TypedDict", "UNSET", "annotations", "bool", "bytes", "date", "datetime", "dict",
    "float", "int", "list", "params_of", "str", "time", "timedelta", "tuple",
})  # fmt: skip
"""What a module imports, and the built-in types that it uses."""
_USED = {"Prepared", "UNSET"}
"""What the body of a callable refers to."""


class Names:
    """The classes of a module."""

    def __init__(self) -> None:
        self._given: set[str] = set(_TAKEN)

    def new(self, wanted: str) -> str:
        """The wanted name, or that with underscores behind it if it is taken."""
        name = apart(wanted, self._given)
        self._given.add(name)
        return name


def apart(wanted: str, others: set[str]) -> str:
    """A name that is no keyword and not among the others."""
    name = f"{wanted}_" if keyword.iskeyword(wanted) else wanted
    while name in others:
        name += "_"
    return name


def camel(name: str) -> str:
    """`billing.order_shipped` as `BillingOrderShipped`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace(".", "_").split("_"))


def arguments(params: list[str]) -> dict[str, str]:
    """The name of the argument for each param: the same, but for keywords and what the module itself uses."""
    plain = {name for name in params if not keyword.iskeyword(name) and name not in _USED}
    return {name: name if name in plain else apart(name, plain | _USED) for name in params}
