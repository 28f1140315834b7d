"""Which plain scalars are numbers, booleans or null: the core schema of YAML 1.2 (section 10.3.2)."""

from __future__ import annotations

import math
import re

Plain = str | int | float | bool | None

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_BE_SPECIAL = frozenset("0123456789+-.~nNtTfF")
_MOST_DIGITS = 4000  # int() refuses more than 4300


def resolve(text: str) -> Plain:
    """The value of a plain scalar.

    Raises:
        ValueError: it is a number that cannot be used; the message says why.
    """
    if text and text[0] not in _MAY_BE_SPECIAL:
        return text
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise ValueError("the number is too long")
        return int(text, 0 if text[:2] in {"0o", "0x"} else 10)
    number = float(text) if _FLOAT.fullmatch(text) else 0.0
    if _NOT_FINITE.fullmatch(text) or math.isinf(number):
        raise ValueError(f"{text} is not a finite number")
    return number if _FLOAT.fullmatch(text) else text
