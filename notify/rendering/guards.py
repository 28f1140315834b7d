"""Operators and methods that could make something huge out of little, held within the limits.

A template is at most as trustworthy as whoever may edit it. These are the ways in which a short one could take all
memory or time: powers, repetition, padding, formatting, replacing, joining, doubling, and printing nested lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

from notify.rendering.limits import LimitError

if TYPE_CHECKING:
    from notify.rendering.limits import Limits

_NUMBER = re.compile(r"\d+")
_CONTAINERS = (list, tuple, dict, set, frozenset)
_REPEATABLE = (str, bytes, list, tuple)
_SHORT = frozenset({float, Decimal})
"""Numbers that are short whatever they are; a whole number may have thousands of digits."""
_MOST_PATTERNS = 256

METHODS = frozenset({"center", "expandtabs", "join", "ljust", "replace", "rjust", "to_bytes", "translate", "zfill"})
"""Methods of text, octets and whole numbers whose result can be far larger than what they are called on."""


class Guards:
    """The checks, and what templates get in place of the operators and methods that need one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._harmless: set[str | bytes] = set()

    def operators(self) -> dict[str, Callable[[Any, Any], Any]]:
        """The binary operators that look at their operands first."""
        return {"+": self._add, "*": self._multiply, "**": self._power, "%": self._modulo}

    def method(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """A bound method, one of `METHODS`, that looks at its arguments first."""
        owner: Any = method.__self__  # type: ignore[attr-defined]  # a bound method has one
        name = method.__name__

        @wraps(method)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if name == "join":
                return method(list(self.counted(args[0], len(owner))))
            if name == "replace":
                self.replacement(owner, args[0], args[1])
            if name == "translate":
                self.size(len(owner) * max((len(new) for new in args[0].values() if isinstance(new, str)), default=1))
            for argument in (*args, *kwargs.values()):
                self.number(argument)
            if name == "expandtabs":
                self.size(len(owner) * self.limits.width if args and "\t" in owner else 0)
            return method(*args, **kwargs)

        return guarded

    def range(self, *args: int) -> range:
        """Python's `range`, of at most `Limits.items` items."""
        result = range(*args)
        # len() itself fails beyond sys.maxsize.
        if result and abs(result[-1] - result[0]) // abs(result.step) >= self.limits.items:
            raise LimitError(f"{_range(args)} has more than the limit of {self.limits.items} items")
        return result

    def joined(self, text: str) -> str:
        """`text`, the result of `~`, if it is not too long."""
        self.size(len(text))
        return text

    def printable(self, value: Any) -> Any:
        """`value`, if its text is not too long: a list can hold itself many times over."""
        if isinstance(value, _CONTAINERS):
            self._weigh(value, 0)
        return value

    def size(self, length: int) -> None:
        """Check how long a text becomes.

        Raises:
            LimitError: longer than the output may be.
        """
        if length > self.limits.output_bytes:
            raise LimitError(f"a text of {length} characters is over the limit of {self.limits.output_bytes}")

    def number(self, number: object) -> None:
        """Check a number that says how wide something becomes; anything else passes.

        Raises:
            LimitError: it is too large.
        """
        if isinstance(number, int) and abs(number) > self.limits.width:
            raise LimitError(f"a width over the limit of {self.limits.width}")

    def specification(self, text: str) -> None:
        """Check the numbers in a format specification, likewise."""
        # A long run of digits is refused unread: reading it takes time that grows with the square.
        if any(len(digits) > 9 or int(digits) > self.limits.width for digits in _NUMBER.findall(text)):  # noqa: PLR2004
            raise LimitError(f"a width over the limit of {self.limits.width}")

    def replacement(self, text: Any, old: Any, new: Any) -> None:
        """Check what `text.replace(old, new)` comes to."""
        self.size(len(text) + text.count(old) * len(new))

    def counted(self, values: Iterable[Any], separator: int) -> Iterator[Any]:
        """`values` one by one, as long as the text that they are joined to is not too long."""
        total = 0
        for value in values:
            total += separator + (len(value) if isinstance(value, (str, bytes)) else 1)
            self.size(total)
            yield self.printable(value)

    def percent(self, pattern: str | bytes, values: Any) -> None:
        """Check what `pattern % values` comes to."""
        if pattern in self._harmless and values.__class__ is tuple and all(each.__class__ in _SHORT for each in values):
            return
        arguments: list[Any]
        if isinstance(values, Mapping):
            arguments = list(values.values())
        else:
            arguments = list(values) if isinstance(values, tuple) else [values]
        text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
        self.specification(text)
        if "*" in text:
            for argument in arguments:
                self.number(argument)
        elif len(self._harmless) < _MOST_PATTERNS:
            self._harmless.add(pattern)
        longest = max((len(each) for each in arguments if isinstance(each, (str, bytes))), default=0)
        self.size(len(text) + text.count("%") * longest)
        for argument in arguments:
            self.printable(argument)

    def _add(self, left: Any, right: Any) -> Any:
        if isinstance(left, _REPEATABLE) and isinstance(right, Sized):
            self._repeated(left, len(left) + len(right))
        return left + right

    def _multiply(self, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            self._bits(left.bit_length() + right.bit_length())
        elif isinstance(left, _REPEATABLE) and isinstance(right, int):
            self._repeated(left, len(left) * right)
        elif isinstance(right, _REPEATABLE) and isinstance(left, int):
            self._repeated(right, len(right) * left)
        return left * right

    def _power(self, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            self._bits(left.bit_length() * right)
        return left**right

    def _modulo(self, left: Any, right: Any) -> Any:
        if isinstance(left, (str, bytes)):
            self.percent(left, right)
        return left % right

    def _bits(self, bits: int) -> None:
        if bits > self.limits.bits:
            raise LimitError(f"a whole number of {bits} bits is over the limit of {self.limits.bits}")

    def _repeated(self, kind: object, length: int) -> None:
        if isinstance(kind, (str, bytes)):
            self.size(length)
        elif length > self.limits.items:
            raise LimitError(f"a list of {length} items is over the limit of {self.limits.items}")

    def _weigh(self, value: Any, weight: int) -> int:
        if isinstance(value, _CONTAINERS):
            for item in value.items() if isinstance(value, dict) else value:
                weight = self._weigh(item, weight)
        weight += len(value) if isinstance(value, (str, bytes)) else 1
        self.size(weight)
        return weight


def _range(args: Iterable[int]) -> str:
    text = ", ".join(map(str, args))
    return f"range({text})" if len(text) < 60 else "a range"  # noqa: PLR2004
