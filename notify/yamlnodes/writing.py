"""Writing plain values as YAML that a person might have written, and that reads back as exactly the same values.

Text is quoted wherever our reader, or one of YAML 1.1, might take it for something else: only what begins with a letter
and holds no mark that has a meaning stands plain.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_DEPTH = 100
"""How many levels the reader allows."""
_WIDTH = 100
_MOST_DIGITS = 4000
_LONGEST_KEY = 1000  # a key without a `?` before it must end within 1,024 characters (YAML 1.2.2, section 7.4.2)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_MARKS = re.compile(r"[:#]")
_FLOW_MARKS = re.compile(r"[:#?,\[\]{}]")
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_UNFIT_FOR_LITERAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[ \t](?:\n|\\Z)|\n\n\\Z")
_LITERAL = re.compile(r"\n*[^\s].*\n", re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write(value: Any, *, indent: int = 0, step: int = 2, literals: bool = True) -> str:
    """A plain value in block style; every line ends with a newline.

    Args:
        value: dict with text as keys, list, str, int, float, bool, None.
        indent: how many blanks stand before each line.
        step: how many more a mapping or a list inside another has.
        literals: whether text of several lines may stand in a literal block (`|`).

    Raises:
        ValueError: it holds something that has no place in YAML as we read it; the message says what.
    """
    check_writable(value)
    writer = _Writer(step, literals=literals)
    return "".join(f"{line}\n" if line else "\n" for line in writer.block(value, indent))


def write_flow(value: Any) -> str:
    """A plain value in one line.

    Raises:
        ValueError: as for `write`.
    """
    check_writable(value)
    return _flow(value)


def check_writable(value: Any) -> None:
    """Raise ValueError if a value cannot be written so that it reads back as the same."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        if isinstance(each, (dict, list)):
            if depth > MAX_DEPTH:
                raise ValueError(f"there are more than {MAX_DEPTH} levels of nesting")
            inner = [*each, *each.values()] if isinstance(each, dict) else each
            waiting += [(item, depth + 1) for item in inner]
            if isinstance(each, dict) and not all(isinstance(key, str) for key in each):
                raise ValueError("a key is not text")
        else:
            _check_scalar(each)


def _check_scalar(value: Any) -> None:
    if isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            raise ValueError("text holds a lone surrogate, which is no character")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number is not finite")
    elif isinstance(value, int):
        if value >= 10**_MOST_DIGITS or value <= -(10 ** (_MOST_DIGITS - 1)):  # the sign counts as a digit
            raise ValueError("a number is too long")
    elif value is not None:
        raise ValueError(f"a value of type {type(value).__name__} has no form in YAML")


@dataclass(frozen=True, slots=True)
class _Writer:
    step: int
    literals: bool

    def block(self, value: Any, indent: int) -> Iterator[str]:
        """The lines of a value that stands alone."""
        pad = " " * indent
        if isinstance(value, dict) and value:
            for key, item in value.items():
                *before, head = _key(key, pad)
                yield from before
                yield from self._under_key(head, item, indent)
        elif isinstance(value, list) and value:
            for item in value:
                yield from self._item(f"{pad}-", item, indent)
        else:
            yield pad + _flow(value, inside=False)

    def _under_key(self, head: str, value: Any, indent: int) -> Iterator[str]:
        if self._is_literal(value):
            yield from self._literal(head, value, indent)
        elif (short := _short(value, len(head), mappings=False)) is not None:
            yield f"{head} {short}"
        else:
            yield head
            yield from self.block(value, indent + self.step)

    def _item(self, head: str, value: Any, indent: int) -> Iterator[str]:
        if self._is_literal(value):
            yield from self._literal(head, value, indent)
        elif (short := _short(value, len(head), mappings=True)) is not None:
            yield f"{head} {short}"
        else:  # the first line of what is inside follows the dash
            inner = self.block(value, indent + 2)
            yield f"{head} {next(inner).lstrip(' ')}"
            yield from inner

    def _is_literal(self, value: Any) -> bool:
        return (
            self.literals
            and isinstance(value, str)
            and _LITERAL.match(value) is not None
            and not _UNFIT_FOR_LITERAL.search(value)
        )

    def _literal(self, head: str, text: str, indent: int) -> Iterator[str]:
        pad = " " * (indent + self.step)
        yield f"{head} {'|' if text.endswith(chr(10)) else '|-'}"
        for line in text.removesuffix("\n").split("\n"):
            yield f"{pad}{line}" if line else ""


def _short(value: Any, used: int, *, mappings: bool) -> str | None:
    """A value that fits into the rest of the line: a scalar, or a collection of nothing but scalars."""
    if not isinstance(value, (dict, list)):
        return _scalar(value, _MARKS)
    if not value:
        return _flow(value)
    if isinstance(value, dict) and not mappings:
        return None
    inner: Sequence[Any] = list(value.values()) if isinstance(value, dict) else value
    if any(isinstance(item, (dict, list)) or (isinstance(item, str) and "\n" in item) for item in inner):
        return None
    written = _flow(value)
    return written if used + 1 + len(written) <= _WIDTH else None


def _flow(value: Any, *, inside: bool = True) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(map(_flow_entry, value.items())) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, _FLOW_MARKS if inside else _MARKS)


def _flow_entry(entry: tuple[str, Any]) -> str:
    key = _text(entry[0], _FLOW_MARKS)
    return f"? {key} : {_flow(entry[1])}" if len(key) > _LONGEST_KEY else f"{key}: {_flow(entry[1])}"


def _key(key: str, pad: str) -> tuple[str, ...]:
    written = _text(key, _FLOW_MARKS)
    return (f"{pad}? {written}", f"{pad}:") if len(written) > _LONGEST_KEY else (f"{pad}{written}:",)


def _scalar(value: str | float | bool | None, marks: re.Pattern[str]) -> str:  # noqa: FBT001  (a value, not a switch)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value, marks)
    written = repr(value)
    return written if "." in written else written.replace("e", ".0e")  # YAML 1.1 wants a point in every float


def _text(text: str, marks: re.Pattern[str]) -> str:
    if _ESCAPED.search(text):
        return f'"{"".join(map(_escaped, text))}"'
    if text[:1].isalpha() and text == text.strip() and text.lower() not in _WORDS and not marks.search(text):
        return text
    if ('"' in text or "\\" in text) and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if not _ESCAPED.match(character):
        return character
    return f"\\x{ord(character):02x}" if ord(character) <= 0xFF else f"\\u{ord(character):04x}"  # noqa: PLR2004
