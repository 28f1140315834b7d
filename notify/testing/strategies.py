"""Strategies of hypothesis for what a notification takes: usual values, and those that break mails.

```python
from hypothesis import given
from notify import Notifier
from notify.testing.strategies import params

notifier = Notifier.load()

@given(params(notifier.catalog["order_shipped"]))
def test_any_order(values):
    assert "None" not in notifier.render("order_shipped", to="ada@example.com", params=values).text
```
"""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError
from notify.params import AliasType, DictOf, ListOf, Literal, ObjectType, OneOf, PythonType

try:
    from hypothesis import strategies as st
except ImportError:
    raise ConfigError("tests of properties need hypothesis: pip install 'notify-framework[testing]'") from None

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from notify.definition import Definition
    from notify.params import Param, Type, TypeDefinition

    Constraints = Mapping[str, Any]

HOSTILE = (
    "",
    " ",
    "Wolfeschlegelsteinhausenbergerdorff" * 8,
    "many words " * 40,
    "שלום עולם",
    "مرحبا بالعالم 42",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇳🇴",
    "e\u0301 ﷽ \u202eabc",
    "two\r\nlines",
    "x\r\nBcc: eve@example.com\r\n\r\n<p>",
    "</p><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 7 * 7 }}{% raw %}",
    "# *not* [a](link) `of` Markdown",
    "%s %(x)s $x \\n",
    ".\r\n.",
)
"""Texts that mails broke at: long, empty, from right to left, emoji, line breaks, forged headers, markup, templates."""
_DOMAINS = ("example.com", "bücher.example", "a.very.long.sub.domain.of.acme.example")
_URLS = (
    "https://acme.example",
    "https://acme.example/a/b?x=1&y=%20&z=%22#part",
    "http://bücher.example/ü?q=né",
    "https://acme.example/" + "long/" * 60,
)
_HTML = ("", "<p>One &amp; <b>two</b></p>", "<ul><li>é</li></ul>", "<a href='https://acme.example'>x</a>", "plain")
_WORD = re.compile(r"\w+")
_LIMIT = 10**12
_FEW = 4
"""Items of a list."""
_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")


def params(definition: Definition) -> SearchStrategy[dict[str, Any]]:
    """Params that the notification takes, as a caller gives them.

    Params that name a file, of the type `Path` or in the path of an attachment, have the values of the samples only.
    Where nothing is declared, the params are those of the samples.
    """
    contract = definition.contract
    if contract is None:
        return st.sampled_from([dict(sample.params) for sample in definition.samples.values()] or [{}])
    if contract.model is not None:
        return st.from_type(contract.model.model).map(_plain)
    return _Strategies(contract.types, _files(definition)).fields(contract.params)


class _Strategies:
    """Strategies for the types of one contract; those of named types are made once, for they may hold themselves."""

    def __init__(self, types: Mapping[str, TypeDefinition], files: Mapping[str, list[Any]]) -> None:
        self._types = types
        self._files = files
        self._named: dict[str, SearchStrategy[Any]] = {}

    def fields(self, fields: Mapping[str, Param], *, inner: bool = False) -> SearchStrategy[dict[str, Any]]:
        """A strategy for mappings with these fields; those that may be left out sometimes are."""
        required: dict[str, SearchStrategy[Any]] = {}
        optional: dict[str, SearchStrategy[Any]] = {}
        for name, field in fields.items():
            known = None if inner else self._files.get(name)
            strategy = st.sampled_from(known) if known else self.of(field.type, field.constraints)
            (required if field.required else optional)[name] = strategy
        return st.fixed_dictionaries(required, optional=optional)

    def of(self, kind: Type, constraints: Constraints) -> SearchStrategy[Any]:
        """A strategy for a type within its constraints."""
        if isinstance(kind, Literal):
            return st.sampled_from(kind.values)
        if isinstance(kind, OneOf):
            return st.one_of([self.of(arm, constraints) for arm in kind.arms])
        if isinstance(kind, (ListOf, DictOf)):
            return self._collection(kind, constraints)
        defined = self._types.get(kind.name)
        if isinstance(defined, AliasType):
            return self.of(defined.target.type, {**defined.target.constraints, **constraints})
        if defined is not None:
            return self._object(defined)
        return _BUILTINS[kind.name](constraints)

    def _collection(self, kind: ListOf | DictOf, constraints: Constraints) -> SearchStrategy[Any]:
        least, most = constraints.get("min_length", 0), constraints.get("max_length")
        most = max(least, _FEW) if most is None else min(most, max(least, _FEW))
        if isinstance(kind, ListOf):
            return st.lists(self.of(kind.item, {}), min_size=least, max_size=most)
        keys = st.text(_CHARACTERS, max_size=10)
        return st.dictionaries(keys, self.of(kind.value, {}), min_size=least, max_size=most)

    def _object(self, defined: ObjectType | PythonType) -> SearchStrategy[Any]:
        if defined.name not in self._named:
            self._named[defined.name] = st.deferred(lambda: self._made(defined))
        return self._named[defined.name]

    def _made(self, defined: ObjectType | PythonType) -> SearchStrategy[Any]:
        if isinstance(defined, ObjectType):
            return self.fields(defined.fields, inner=True)
        return st.from_type(defined.model)


def names_of_files(definition: Definition) -> set[str]:
    """The params that name files: those in the paths of attachments, and those of the type `Path`."""
    written = " ".join(each.path.source for each in definition.attachments if each.path is not None)
    words = set(_WORD.findall(written))
    declared = definition.contract.params if definition.contract is not None else {}
    return {name for name, param in declared.items() if name in words or "Path" in _WORD.findall(param.annotation)}


def _files(definition: Definition) -> dict[str, list[Any]]:
    """The params that name files, each with its values in the samples."""
    samples = [sample.params for sample in definition.samples.values()]
    return {name: [params[name] for params in samples if name in params] for name in sorted(names_of_files(definition))}


def _text(constraints: Constraints) -> SearchStrategy[str]:
    least, most = constraints.get("min_length", 0), constraints.get("max_length")
    if pattern := constraints.get("pattern"):
        return _matching(pattern).filter(lambda text: _fits(text, least, most) and "\0" not in text)
    texts = st.text(_CHARACTERS, min_size=least, max_size=least + 30 if most is None else most)
    return _or_hostile(texts, HOSTILE, least, most)


def _matching(pattern: str) -> SearchStrategy[str]:
    """Texts that match a pattern by Python's rules, and by those that params are checked by: `$` is not the same."""
    from pydantic_core import SchemaValidator, core_schema

    check = SchemaValidator(core_schema.str_schema(pattern=pattern))
    return st.from_regex(re.compile(pattern)).filter(check.isinstance_python)


def _or_hostile(
    usual: SearchStrategy[str], others: tuple[str, ...], least: int = 0, most: int | None = None
) -> SearchStrategy[str]:
    fitting = [text for text in others if _fits(text, least, most)]
    return st.one_of(st.sampled_from(fitting), usual) if fitting else usual


def _fits(text: str, least: int, most: int | None) -> bool:
    return least <= len(text) and (most is None or len(text) <= most)


def _some(others: tuple[str, ...]) -> Callable[[Constraints], SearchStrategy[str]]:
    def strategy(constraints: Constraints) -> SearchStrategy[str]:
        return _or_hostile(_text({**constraints, "pattern": None}), others)

    return strategy


def _ranged(constraints: Constraints) -> tuple[Any, Any]:
    low = max((constraints[rule] for rule in ("ge", "gt") if rule in constraints), default=-_LIMIT)
    high = min((constraints[rule] for rule in ("le", "lt") if rule in constraints), default=_LIMIT)
    return low, high


def _strictly(constraints: Constraints) -> Callable[[Any], bool]:
    return lambda value: value > constraints.get("gt", -_LIMIT - 1) and value < constraints.get("lt", _LIMIT + 1)


def _integers(constraints: Constraints) -> SearchStrategy[int]:
    import math

    low, high = _ranged(constraints)
    return st.integers(math.ceil(low), math.floor(high)).filter(_strictly(constraints))


def _floats(constraints: Constraints) -> SearchStrategy[float]:
    low, high = _ranged(constraints)
    return st.floats(low, high, allow_nan=False, allow_infinity=False).filter(_strictly(constraints))


def _decimals(constraints: Constraints) -> SearchStrategy[Any]:
    low, high = _ranged(constraints)
    amounts = st.decimals(Decimal(str(low)), Decimal(str(high)), places=2, allow_nan=False, allow_infinity=False)
    fitting = amounts.filter(_strictly(constraints))
    return st.one_of(fitting, fitting.map(str))


def _emails(constraints: Constraints) -> SearchStrategy[str]:
    least, most = constraints.get("min_length", 0), constraints.get("max_length")
    local = st.text(string.ascii_letters + string.digits + "+_-", min_size=1, max_size=60)
    addresses = st.builds("{}@{}".format, local, st.sampled_from(_DOMAINS))
    return addresses.filter(lambda text: _fits(text, least, most))


def _urls(constraints: Constraints) -> SearchStrategy[str]:
    least, most = constraints.get("min_length", 0), constraints.get("max_length")
    others = tuple(f"{scheme}:x@acme.example" for scheme in constraints.get("schemes", ()))
    path = st.text(string.ascii_letters + "é/?&=%;+~", max_size=30)
    urls = st.one_of(st.sampled_from(_URLS + others), path.map("https://acme.example/{}".format))
    return urls.filter(lambda text: _fits(text, least, most))


def _datetimes(_: Constraints) -> SearchStrategy[datetime]:
    return st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.sampled_from([None, UTC]))  # noqa: DTZ001 - both kinds are taken


_BUILTINS: Mapping[str, Callable[[Constraints], SearchStrategy[Any]]] = {
    "str": _text,
    "Text": _text,
    "Html": _some(_HTML),
    "Markdown": _text,
    "bytes": lambda rules: st.binary(min_size=rules.get("min_length", 0), max_size=rules.get("max_length", 100)),
    "int": _integers,
    "float": _floats,
    "Decimal": _decimals,
    "bool": lambda _: st.booleans(),
    "date": lambda _: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    "datetime": _datetimes,
    "time": lambda _: st.times(),
    "timedelta": lambda _: st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    "Email": _emails,
    "Url": _urls,
    "Path": lambda _: st.sampled_from(["a.txt", "folder/b.pdf"]),
    "None": lambda _: st.none(),
}


def _plain(value: object) -> dict[str, Any]:
    """The fields of a model or dataclass by name."""
    import dataclasses

    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(value)  # type: ignore[call-overload, no-any-return]  # a pydantic model gives its fields
