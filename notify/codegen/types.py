"""The types of params as Python's type checkers know them, and the classes that they need."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from notify.codegen.names import Names, camel
from notify.codegen.writing import described, quoted
from notify.params import AliasType, DictOf, ListOf, Literal, ObjectType, OneOf, PythonType, bases
from notify.params.references import reached
from notify.params.types import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.params import Contract, Param, Type, TypeDefinition

_BUILTINS = {
    **dict.fromkeys(("str", "Text", "Email", "Url", "Html", "Markdown", "Path"), "str"),
    **{name: name for name in ("bytes", "int", "float", "bool", "date", "datetime", "time", "timedelta", "None")},
    "Decimal": "Decimal | int | str",
}
"""What callers give. A `float` for a Decimal is taken at run time, but seldom what is meant."""
_TEXTS = frozenset({"str", "Text", "Email", "Url", "Html", "Markdown", "Path", "Decimal"})


class Types:
    """Collects the classes of a module.

    Attributes:
        modules: modules of the application to import.
    """

    def __init__(self, names: Names, shared: str) -> None:
        self.modules: set[str] = set()
        self._names = names
        self._shared = shared
        self._classes: dict[tuple[str, str], str] = {}
        self._texts: dict[str, list[str]] = {}

    def lines(self) -> Iterator[str]:
        """All classes, by name."""
        for name in sorted(self._texts):
            yield from self._texts[name]

    def of(self, kind: Type, contract: Contract, owner: str) -> str:
        """A type of a contract; `owner` is the notification's id."""
        if isinstance(kind, OneOf):
            arms = [self.of(arm, contract, owner) for arm in kind.arms if arm != NONE]
            written = [part for arm in arms for part in (arm.split(" | ") if "[" not in arm else [arm])]
            return " | ".join(dict.fromkeys([*written, *(["None"] if NONE in kind.arms else [])]))
        if isinstance(kind, Literal):
            return f"Literal[{', '.join(quoted(each) if isinstance(each, str) else str(each) for each in kind.values)}]"
        if isinstance(kind, DictOf):
            return f"Mapping[str, {self.of(kind.value, contract, owner)}]"
        if isinstance(kind, ListOf):
            item = self.of(kind.item, contract, owner)
            # A `str` is a sequence of texts too, and never what is meant.
            is_text = not {*bases(kind.item, contract.types)}.isdisjoint(_TEXTS) or isinstance(kind.item, Literal)
            return f"list[{item}] | tuple[{item}, ...]" if is_text else f"Sequence[{item}]"
        defined = contract.types.get(kind.name)
        return _BUILTINS.get(kind.name, "Any") if defined is None else self._defined(defined, contract, owner)

    def model(self, python: PythonType) -> str:
        """A type of the application, by the full name of its module."""
        module, _, path = python.source.partition(":")
        self.modules.add(module)
        return f"{module}.{path}"

    def _defined(self, defined: TypeDefinition, contract: Contract, owner: str) -> str:
        if isinstance(defined, PythonType):
            return self.model(defined)
        if isinstance(defined, AliasType) and defined.name not in reached(defined, contract.types):
            return self.of(defined.target.type, contract, owner)
        key = defined.location.path, defined.name
        if key not in self._classes:
            is_shared = defined.location.path == self._shared
            name = self._classes[key] = self._names.new(
                camel(defined.name) if is_shared else camel(owner) + camel(defined.name)
            )
            if isinstance(defined, ObjectType):
                self._texts[name] = list(self._typed_dict(name, defined.fields, contract, owner))
            else:
                target = self.of(defined.target.type, contract, owner)
                self._texts[name] = ["", f"{name}: TypeAlias = {quoted(target)}", ""]
        return self._classes[key]

    def _typed_dict(self, name: str, fields: Mapping[str, Param], contract: Contract, owner: str) -> Iterator[str]:
        types = {}
        for field in fields.values():
            written = self.of(field.type, contract, owner)
            types[field.name] = written if field.required else f"NotRequired[{written}]"
        yield from ("", "")
        if any(keyword.iskeyword(field) or field.startswith("__") for field in types):
            yield f"{name} = TypedDict({quoted(name)}, {{"
            yield from (f"    {quoted(field)}: {quoted(written)}," for field, written in types.items())
            yield "})"
            return
        yield f"class {name}(TypedDict):"
        yield from described("", "Attributes", fields.values(), {}, indent=4)
        yield from (f"    {field}: {written}" for field, written in types.items())
        if not types:
            yield "    pass"
