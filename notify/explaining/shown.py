"""Values as they may be shown: plain, and without what is secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.definition.walk import shown_path
from notify.dsn import Dsn, is_dsn
from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MASK = "***"


def plain(value: Any, base: Path | None = None) -> Any:
    """The value as JSON has it. Paths below `base` are relative to it; of octets only the number is told."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item, base) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, base) for item in value]
    if isinstance(value, bytes):
        return octets(value)
    return shown_path(value, base) if isinstance(value, Path) else str(value)


def octets(content: bytes) -> str:
    """How many there are, in words."""
    return f"{len(content):,} octet{'' if len(content) == 1 else 's'}"


def masked(value: Any, paths: Iterable[Sequence[str]]) -> Any:
    """The value with the sensitive ones within it as `***`.

    Args:
        value: any value.
        paths: the ways to sensitive ones, `[]` for each item of a list or mapping; an empty way means the value itself.
    """
    found = list(paths)
    if not found or value is None:
        return value
    if isinstance(value, Mapping) and all(found):
        return {key: masked(item, [way[1:] for way in found if way[0] in {key, "[]"}]) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and all(way and way[0] == "[]" for way in found):
        return [masked(item, [way[1:] for way in found]) for item in value]
    return MASK


def ways(names: Iterable[str]) -> list[list[str]]:
    """The dotted names of a contract's sensitive values, step by step: `items[].code` is items, [], code."""
    return [name.replace("[]", ".[]").split(".") for name in names]


def scrubbed(dsn: str) -> str:
    """A DSN without what could be a key: its scheme; of a group, its members."""
    try:
        parsed = Dsn.parse(dsn)
    except ConfigError:
        return MASK
    if parsed.members:
        return f"{parsed.scheme}({' '.join(scrubbed(each) if is_dsn(each) else each for each in parsed.members)})"
    scheme, _, rest = dsn.strip().partition(":")
    return f"{scheme.lower()}:{MASK}" if rest else f"{scheme.lower()}:"
