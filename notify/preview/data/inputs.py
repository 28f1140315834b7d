"""Between plain values and the text that a person sees and types in an input."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from notify.yamlnodes.scalars import resolve

if TYPE_CHECKING:
    from notify.preview.data.shapes import Shape


class Absent(Enum):
    """What a value is that is not given."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
_NUMBERS = frozenset({"integer", "number", "decimal"})
_TEXTS = frozenset({"text", "longtext", "email", "url", "bytes"})
_BOOLEANS = {"true": True, "false": False}
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(shape: Shape, value: Any) -> str | None:
    """The text that an input of this shape shows for a value; None if it cannot show it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if not _UNFIT.search(value) and ("\n" not in value or shape.kind in _TEXTS) else None
    if isinstance(value, bool):
        return str(value).lower() if shape.kind == "boolean" else None
    if isinstance(value, int) and shape.kind == "choice":
        return str(value)
    return repr(value) if isinstance(value, (int, float)) and shape.kind in _NUMBERS else None


def typed(shape: Shape, text: str, *, required: bool) -> Any:
    """The value that a person means by what an input of this shape holds, as it would stand in YAML.

    Nothing in an input is no value, or null where there must be one and it may be null; only text can be empty.
    What does not look like the kind stays text, for the check of the params to name it.
    """
    if text == "":
        nothing = ABSENT if not required else None if shape.is_optional else ABSENT
        return "" if required and not shape.is_optional and shape.kind in _TEXTS else nothing
    if shape.kind in {"integer", "number"}:
        return _number(text)
    if shape.kind == "boolean":
        return _BOOLEANS.get(text, text)
    if shape.kind == "choice":
        return next((choice for choice in shape.choices if str(choice) == text), text)
    return text


def _number(text: str) -> int | float | str:
    try:
        value = resolve(text.strip())
    except ValueError:
        return text
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else text
