"""`${VAR}` in notify.yaml: kept as written until the environment that needs it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, Fault, Location
from notify.suggest import did_you_mean
from notify.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(\$|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\{)")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Text that holds `${VAR}` or `${VAR:-default}`, and where it stands. `$$` is one dollar sign."""

    text: str
    location: Location


def has_variable(text: str) -> bool:
    """Whether the text is to be resolved."""
    return "$" in text and _VARIABLE.search(text) is not None


def resolve(value: Any, environ: Mapping[str, str]) -> Any:
    """`value` with every `Unresolved` in it, however deep, as text.

    Raises:
        ConfigError: a variable is not set and has no default, with its place; all of them at once.
    """
    faults: list[Fault] = []
    resolved = _walk(value, environ, faults)
    if faults:
        raise ConfigError(faults=faults)
    return resolved


def _walk(value: Any, environ: Mapping[str, str], faults: list[Fault]) -> Any:
    if isinstance(value, Unresolved):
        return _expand(value, environ, faults)
    if isinstance(value, dict):
        return {key: _walk(item, environ, faults) for key, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, environ, faults) for item in value]
    return value


def _expand(value: Unresolved, environ: Mapping[str, str], faults: list[Fault]) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] == "$":
            return "$"
        if match[2] is None:
            faults.append(
                Fault(value.location, "${ begins a variable: ${NAME} or ${NAME:-default}", "write $${ for it")
            )
            return ""
        return _value(match[2], match[3], value.location, environ, faults)

    return _VARIABLE.sub(one, value.text)


def _value(name: str, default: str | None, place: Location, environ: Mapping[str, str], faults: list[Fault]) -> str:
    if default is not None and "${" in default:
        faults.append(Fault(place, f"the default of {name} cannot be a variable itself"))
        return ""
    try:
        found = variable(name, environ)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        faults.append(Fault(place, f"the file that {name}_FILE names cannot be read: {reason}"))
        return ""
    # As in a shell, `:-` stands in for an empty variable too.
    if default is not None and not found:
        return default
    if found is None:
        near = did_you_mean(name, environ)
        hint = near if near.startswith("did you mean") else f"set it, or {name}_FILE, or write ${{{name}:-default}}"
        faults.append(Fault(place, f"the environment variable {name} is not set", hint))
        return ""
    return found
