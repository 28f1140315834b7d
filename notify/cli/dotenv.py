"""`.env` files: `NAME=value` lines that stand in for environment variables that are not set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import ConfigError, Fault, Location

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(?:'([^']*)'|"((?:[^"\\]|\\.)*)")\s*(?:\#.*)?""")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file; none if there is no such file.

    A value may stand in single quotes (taken as it is) or double quotes (in which a backslash escapes); `#` begins a
    comment at the start of a line or after a blank. Nothing is substituted.

    Raises:
        ConfigError: a line is not `NAME=value`, or the file cannot be read; no value is ever repeated.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: it is not UTF-8 text") from error
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        value = _value(match[2]) if match else None
        if match is None or value is None:
            faults.append(Fault(Location(str(path), number), "expected NAME=value, the value perhaps in quotes"))
        else:
            values[match[1]] = value
    if faults:
        raise ConfigError(faults=faults)
    return values


def _value(text: str) -> str | None:
    """The value, or None if a quote is not closed."""
    if not text.startswith(("'", '"')):
        return _COMMENT.sub("", text).rstrip()
    quoted = _QUOTED.fullmatch(text)
    if quoted is None:
        return None
    if quoted[1] is not None:
        return quoted[1]
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), quoted[2])
