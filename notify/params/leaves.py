"""The schemas of the types that need no definition, and of literals and unions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pydantic_core import CoreSchema, core_schema

from notify.params.conversions import CONVERTERS, to_duration, to_email, url_pattern
from notify.params.markup import Html, Markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LENGTHS = ("min_length", "max_length")
_RANGES = ("ge", "gt", "le", "lt")


def builtin(name: str, constraints: Mapping[str, Any]) -> CoreSchema:
    """The schema of a built-in type."""
    lengths = {rule: constraints[rule] for rule in LENGTHS if rule in constraints}
    ranges = {rule: constraints[rule] for rule in _RANGES if rule in constraints}
    whole: dict[str, Any] = {rule: _whole(rule, limit) for rule, limit in ranges.items()}
    if name in CONVERTERS:
        schema: CoreSchema = core_schema.no_info_plain_validator_function(CONVERTERS[name])
        return _measured(schema, name, lengths)
    simple: dict[str, Callable[[], CoreSchema]] = {
        "bool": lambda: core_schema.bool_schema(strict=True),
        "int": lambda: core_schema.int_schema(strict=True, **whole),
        "float": lambda: core_schema.float_schema(strict=True, allow_inf_nan=False, **ranges),
        "Decimal": lambda: core_schema.decimal_schema(allow_inf_nan=False, **ranges),
        "timedelta": lambda: core_schema.no_info_before_validator_function(to_duration, core_schema.timedelta_schema()),
        "None": core_schema.none_schema,
        "Url": lambda: _text(lengths, url_pattern(constraints.get("schemes", ()))),
        "Email": lambda: core_schema.no_info_after_validator_function(to_email, _text(lengths)),
        "Html": lambda: core_schema.no_info_after_validator_function(Html, _text(lengths)),
        "Markdown": lambda: core_schema.no_info_after_validator_function(Markdown, _text(lengths)),
    }
    return simple[name]() if name in simple else _text(lengths, constraints.get("pattern"))


def _text(lengths: dict[str, Any], pattern: str | None = None) -> CoreSchema:
    """Strict text; a constraint is always there, since only then pydantic-core refuses lone surrogates."""
    return core_schema.str_schema(**{"strict": True, "min_length": 0, "pattern": pattern, **lengths})


def _measured(schema: CoreSchema, name: str, lengths: dict[str, Any]) -> CoreSchema:
    """A plain function's result within `lengths`."""
    if not lengths:
        return schema
    measure = core_schema.bytes_schema(**lengths) if name == "bytes" else core_schema.str_schema(**lengths)
    return core_schema.chain_schema([schema, measure])


def _whole(rule: str, limit: float) -> int:
    """The same limit for whole numbers: above 1.5 is at least 2."""
    return math.ceil(limit) if rule in {"ge", "lt"} else math.floor(limit)


def literal(values: tuple[str | int, ...]) -> CoreSchema:
    """One of several values; true and 1.0 are not 1."""
    texts = [value for value in values if isinstance(value, str)]
    numbers = [value for value in values if isinstance(value, int)]
    arms: list[CoreSchema] = [core_schema.literal_schema(texts)] if texts else []
    if numbers:
        strict = core_schema.int_schema(strict=True)
        arms.append(core_schema.chain_schema([strict, core_schema.literal_schema(numbers)]))
    return arms[0] if len(arms) == 1 else union(arms)


def union(arms: list[CoreSchema]) -> CoreSchema:
    """The first that fits, in the order written."""
    return core_schema.union_schema(
        [*arms], mode="left_to_right", custom_error_type="no_arm", custom_error_message="no type of the union fits"
    )
