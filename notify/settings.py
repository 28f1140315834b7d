"""Declared settings: what a transport can be told, checked when it is read.

A class declares each setting as an annotated attribute:

```python
class Pigeon(Transport):
    loft: Path = setting("Where the pigeons live.")
    speed: float = setting("Kilometres an hour.", default=70.0)
```

Types are `str int float bool Path Secret`, `Literal[...]`, `tuple[str, ...]`, and each of them `| None`; and
`tuple[Transport, ...]` for a transport that is made of others, which the configuration gives by name or DSN.
Values come from YAML or, as text, from the query of a DSN; both are taken.
"""

from __future__ import annotations

import math
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from notify.errors import ConfigError, PluginError
from notify.secret import Secret
from notify.suggest import did_you_mean

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Any = _Required()


@dataclass(slots=True)
class Setting:
    """One declared setting; `default` is REQUIRED where there is none, `check` returns what is wrong, or nothing."""

    doc: str
    default: Any = REQUIRED
    check: Callable[[Any], str | None] | None = None
    name: str = ""
    annotation: Any = field(default=str, repr=False)

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is REQUIRED

    @property
    def expected(self) -> str:
        """The type in words, for messages and listings."""
        return _expected(self.annotation)

    def read(self, value: object, base: Path) -> Any:
        """`value` in the declared type; a relative path is taken from `base`.

        Raises:
            ValueError: it is of another type, or the setting's own check refuses it.
        """
        result = _convert(self.annotation, value, base)
        if self.check is not None and result is not None and (problem := self.check(result)):
            raise ValueError(problem)
        return result


def setting(doc: str, *, default: Any = REQUIRED, check: Callable[[Any], str | None] | None = None) -> Any:
    """Declare a setting: one line of documentation, a default unless it is required, and perhaps a check."""
    return Setting(doc, default, check)


def declared(owner: type) -> dict[str, Setting]:
    """The settings that a class and its bases declare, bases first.

    Raises:
        PluginError: one is declared with a type that a setting cannot have.
    """
    found: dict[str, Setting] = {}
    for cls in reversed(owner.__mro__):
        hints: dict[str, Any] | None = None
        for name, value in vars(cls).items():
            if isinstance(value, Setting):
                hints = hints or _hints(cls)
                value.name, value.annotation = name, hints.get(name)
                if not _is_known(value.annotation):
                    raise PluginError(
                        f"the setting {name!r} of {_named(cls)} is declared as {value.annotation}: expected str, int, "
                        "float, bool, Path, Secret, Literal[...], tuple[str, ...] or one of them | None"
                    )
                found[name] = value
    return found


def read_settings(owner: type, values: Mapping[str, object], base: Path, who: str) -> dict[str, Any]:
    """All settings of `owner`, from `values` and defaults.

    Raises:
        ConfigError: a name is unknown, a value has the wrong type, or a required one is missing; all of them at once.
    """
    result, problems = collect_settings(owner, values, base)
    if problems:
        raise ConfigError("\n".join(f"{who}: {problem}" for _, problem in problems))
    return result


def collect_settings(
    owner: type, values: Mapping[str, object], base: Path, others: Iterable[str] = ()
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """All settings of `owner` that are right, and (setting, what is wrong with it) for the others.

    Args:
        owner: the class that declares them.
        values: the settings by name.
        base: the folder that relative paths are taken from.
        others: names of settings that are read elsewhere, and may have been meant by an unknown one.
    """
    settings = declared(owner)
    known = (*settings, *others)
    problems = [
        (name, f"unknown setting {name!r} ({did_you_mean(name, known)})") for name in values if name not in settings
    ]
    result: dict[str, Any] = {}
    for name, declaration in settings.items():
        if name in values:
            try:
                result[name] = declaration.read(values[name], base)
            except ValueError as error:
                problems.append((name, f"setting {name!r}: {error}"))
        elif declaration.required:
            problems.append((name, f"setting {name!r} is missing: {declaration.doc}"))
        else:
            default = declaration.default
            result[name] = base / default if isinstance(default, Path) else default
    return result, problems


def _hints(cls: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls)
    except NameError as error:
        raise PluginError(
            f"the settings of {_named(cls)} cannot be read: {error}; what they are annotated with is imported at run "
            "time, not under TYPE_CHECKING"
        ) from error


def _is_known(annotation: Any) -> bool:
    if get_origin(annotation) in (types.UnionType, typing.Union):
        return all(arm is type(None) or _is_known(arm) for arm in get_args(annotation))
    return (get_origin(annotation) or annotation) in _CONVERTERS


def _named(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _expected(annotation: Any) -> str:
    if get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join(_expected(arm) for arm in get_args(annotation) if arm is not type(None))
    if get_origin(annotation) is Literal:
        return " | ".join(map(str, get_args(annotation)))
    if get_origin(annotation) is tuple:
        return "a list of words" if get_args(annotation)[0] is str else "a list of transports"
    return _WORDS[annotation]


def _convert(annotation: Any, value: object, base: Path) -> Any:
    if get_origin(annotation) in (types.UnionType, typing.Union):
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        if value is None and len(arms) < len(get_args(annotation)):
            return None
        found = (_converted(arm, value, base) for arm in arms)
        converted = next((one for one in found if one is not None), None)
    else:
        converted = _converted(annotation, value, base)
    if converted is None:
        shown = "***" if annotation is Secret or Secret in get_args(annotation) else repr(value)
        raise ValueError(f"expected {_expected(annotation)}, got {shown}")
    return converted


def _converted(annotation: Any, value: object, base: Path) -> Any:
    return _CONVERTERS[get_origin(annotation) or annotation](annotation, value, base)


def _text(_annotation: Any, value: object, _base: Path) -> str | None:
    return value if isinstance(value, str) else None


def _integer(_annotation: Any, value: object, _base: Path) -> int | None:
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(_annotation: Any, value: object, _base: Path) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _boolean(_annotation: Any, value: object, _base: Path) -> bool | None:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))


def _path(_annotation: Any, value: object, base: Path) -> Path | None:
    return base / value if isinstance(value, (str, Path)) and str(value) else None


def _secret(_annotation: Any, value: object, _base: Path) -> Secret | None:
    if isinstance(value, Secret):
        return value
    return Secret(value) if isinstance(value, str) and value else None


def _literal(annotation: Any, value: object, _base: Path) -> Any:
    return next((choice for choice in get_args(annotation) if choice == value), None)


def _several(annotation: Any, value: object, _base: Path) -> tuple[Any, ...] | None:
    kind = get_args(annotation)[0]
    if kind is str and isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if isinstance(value, (list, tuple)) and (value or kind is str) and all(isinstance(item, kind) for item in value):
        return tuple(value)
    return None


_CONVERTERS: dict[Any, Callable[[Any, object, Path], Any]] = {
    str: _text, int: _integer, float: _number, bool: _boolean, Path: _path, Secret: _secret, Literal: _literal,
    tuple: _several,
}  # fmt: skip

_WORDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    Path: "a path",
    Secret: "a secret",
}
