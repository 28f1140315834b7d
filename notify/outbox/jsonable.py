"""Python's values as what JSON can say, and back with the same types; see `notify.outbox.tags`."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python

from notify.outbox.instances import fields_of, unwrapped
from notify.outbox.tags import BLOB, FROZEN_SET, PAIRS, SET, TUPLE, is_tag, leaf_of
from notify.params import Html

_DEEPEST = 80
_MOST_DIGITS = 4000
"""Of a whole number; Python reads no more than 4300 from text."""
_LONG_NUMBER = re.compile(rf"[0-9]{{{_MOST_DIGITS}}}")
_HALF = re.compile("[\ud800-\udfff]")


class Unkept(Exception):  # noqa: N818  # it says what a value is
    """A value that cannot be kept: the way to it, what can be, and what came; never the value itself."""

    def __init__(self, expected: str, value: object, hint: str = "", got: str = "") -> None:
        self.steps: list[str | int] = []
        self.expected = expected
        self.got = got or f"{'an' if type(value).__name__[:1] in 'AEIOUaeiou' else 'a'} {type(value).__name__}"
        self.hint = hint
        super().__init__(expected)

    def below(self, step: object) -> Unkept:
        """The same, seen from the collection that has the value at `step`."""
        self.steps.insert(0, step if isinstance(step, int) else str(step))
        return self


class Writer:
    """Makes values JSON can say.

    What templates cannot tell apart need not come back as the same type: a mapping of any kind is a dict.

    Args:
        keep: takes bytes that go aside, and gives their digest.
        declared: whether a contract takes the values, so that it does not matter how an enum's member or an instance of
            a model is given; else they cannot be kept.
        texts: whether dates, decimals and the like are plain text, which the contract reads as such.
    """

    __slots__ = ("_declared", "_keep", "_texts", "is_sure")

    def __init__(self, keep: Callable[[bytes], str], *, declared: bool = False, texts: bool = False) -> None:
        self._keep = keep
        self._declared = declared
        self._texts = texts
        self.is_sure = True
        """Whether all that was written so far surely comes back; instances of models may not."""

    def write(self, value: Any, depth: int = 0) -> Any:
        """The value for `dumps`.

        Raises:
            Unkept: it cannot be kept.
        """
        # Nearly all values are of these types, and each call counts: this runs for every value of every job.
        kind = type(value)
        if kind is str or kind is int or kind is bool or value is None or (kind is float and math.isfinite(value)):
            return value
        if kind is dict:
            return self._mapping(value, depth)
        if kind is list:
            return self._items(value, depth)
        return self._other(value, depth)

    def finished(self, written: dict[Any, Any], depth: int = 0) -> dict[str, Any]:
        """A mapping whose values are written already, so that it is not taken for a tag, and its keys come back.

        Raises:
            Unkept: a key cannot be kept.
        """
        if all(isinstance(key, str) for key in written) and not is_tag(written):
            return written
        return {PAIRS: [[self.write(key, depth + 1), item] for key, item in written.items()]}

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        if depth > _DEEPEST:
            raise _too_deep(value)
        written = {}
        for key, item in value.items():
            try:
                written[key] = self.write(item, depth + 1)
            except Unkept as fault:
                raise fault.below(key) from None
        return self.finished(written, depth)

    def _items(self, value: Iterable[Any], depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise _too_deep(value)
        written = []
        for item in value:
            try:
                written.append(self.write(item, depth + 1))
            except Unkept as fault:
                raise fault.below(len(written)) from None
        return written

    def _other(self, value: Any, depth: int) -> Any:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {BLOB: self._keep(bytes(value))}
        if isinstance(value, (str, int, float)):
            return self._derived(value)
        if isinstance(value, Decimal) and not value.is_finite():
            raise Unkept("a finite number", value)
        if leaf := leaf_of(value):
            plain = leaf.write(value)
            return plain if self._texts and isinstance(plain, str) else {leaf.tag: plain}
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, _COLLECTIONS) and (self._declared or not hasattr(value, "_fields")):
            return self._collection(value, depth)
        return self._instance(value, depth)

    def _derived(self, value: str | float) -> Any:
        """A value of a class of its own that is text or a number besides."""
        if isinstance(value, float) and not math.isfinite(value):
            raise Unkept("a finite number", value, got=repr(float(value)))
        if self._texts or (self._declared and isinstance(value, Enum)):
            return value
        if isinstance(value, Enum):
            raise _unknown(value)
        if leaf := leaf_of(Html(value) if hasattr(value, "__html__") else value):
            return {leaf.tag: leaf.write(value)}
        return value

    def _collection(self, value: Iterable[Any], depth: int) -> Any:
        items = self._items(value, depth)
        tag = TUPLE if isinstance(value, tuple) else SET if isinstance(value, set) else FROZEN_SET
        return {tag: items} if isinstance(value, (tuple, set, frozenset)) else items

    def _instance(self, value: Any, depth: int) -> Any:
        if not self._declared or isinstance(value, Iterator):
            raise _unknown(value)
        self.is_sure = False
        if (inner := unwrapped(value)) is not value:
            return self.write(inner, depth + 1)
        fields = fields_of(value)
        return _by_pydantic(value) if fields is None else self._mapping(fields, depth)


def dumps(value: Any) -> str:
    """The JSON of what a `Writer` made: valid Unicode, without blanks.

    Raises:
        Unkept: a text is not valid Unicode, or a number has too many digits.
    """
    try:
        # A fifth of the time that the standard library takes.
        text = to_json(value).decode()
    except PydanticSerializationError:
        raise _culprit(value) or _too_deep(value) from None
    if len(text) > _MOST_DIGITS and _LONG_NUMBER.search(text) and (fault := _culprit(value)):
        raise fault
    return text


def _culprit(value: Any) -> Unkept | None:
    """The fault of the first value that JSON cannot say."""
    if isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            if fault := _culprit(step) or _culprit(item):
                return fault.below(step)
    elif isinstance(value, str) and _HALF.search(value):
        return Unkept("text in valid Unicode", value, got="a lone surrogate")
    elif isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        return Unkept(f"a number of at most {_MOST_DIGITS} digits", value, got="a longer one")
    return None


def _by_pydantic(value: object) -> Any:
    """What pydantic writes for a value of a type that it knows, such as an IP address."""
    try:
        return to_jsonable_python(value)
    except PydanticSerializationError:
        raise _unknown(value) from None


def _too_deep(value: object) -> Unkept:
    return Unkept(f"at most {_DEEPEST} collections in each other", value, got="more")


def _unknown(value: object) -> Unkept:
    if isinstance(value, Iterator):
        return Unkept("values that can be read more than once", value, "give a list")
    hint = "give its value" if isinstance(value, Enum) else "give plain values, or declare the params"
    return Unkept("a value that the outbox can keep", value, hint)


_COLLECTIONS = (list, tuple, set, frozenset, deque, range, ItemsView, KeysView, ValuesView)
