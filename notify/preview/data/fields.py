"""The fields of a form, as the template sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from notify.preview.data.posting import YAML
from notify.yamlnodes.writing import write_flow

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMITS = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "min_length": "at least {} {unit}",
    "max_length": "at most {} {unit}",
    "pattern": "matching {}",
}
_UNITS = {"list": "items", "yaml": "items", "bytes": "bytes"}
_INPUTS = {"date": "date", "time": "time", "datetime": "datetime-local"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")


@dataclass(frozen=True, slots=True)
class Field:
    """A param, a field of one, or an item of a list.

    Attributes:
        name: its label.
        path: the way to the value: names, and numbers of items; in a `blank`, a placeholder instead of a number.
        kind: text, longtext, number, integer, decimal, boolean, date, datetime, time, choice, bytes, email, url,
            object, list or yaml. A value that its own kind cannot show is `yaml`.
        annotation: the type as written; empty for a name that is not declared.
        required: whether a value must be given.
        optional: whether it may be null.
        default: what stands for a value that is not given; None if sensitive.
        description: what the file says about it.
        sensitive: whether it is a secret.
        constraints: what the type asks beside: `max_length`, `ge`, `pattern` and so on.
        choices: value and label of each, for `choice`.
        value: as in the sample.
        present: whether the values have it.
        text: what the input shows.
        problems: what is wrong, a sentence each.
        fields: of an `object`.
        items: of a `list`.
        blank: a new item of a `list`.
    """

    name: str
    path: tuple[str | int, ...]
    kind: str
    annotation: str = ""
    required: bool = False
    optional: bool = False
    default: Any = None
    description: str = ""
    sensitive: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    value: Any = None
    present: bool = False
    text: str = ""
    problems: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    items: tuple[Field, ...] = ()
    blank: Field | None = None

    @property
    def id(self) -> str:
        """A name in the document that no other field has."""
        return "param" + "".join(f"/{quote(str(step), safe='', errors='surrogatepass')}" for step in self.path)

    @property
    def placeholder(self) -> str:
        """The default in one line, to be shown where nothing is typed."""
        if self.default is None:
            return ""
        try:
            return self.default if isinstance(self.default, str) else write_flow(self.default)
        except ValueError:
            return ""

    @property
    def limits(self) -> tuple[str, ...]:
        """The constraints in words."""
        unit = _UNITS.get(self.kind, "characters")
        words = [_LIMITS[rule].format(value, unit=unit) for rule, value in self.constraints.items() if rule in _LIMITS]
        schemes = self.constraints.get("schemes")
        return (*words, f"http, https, {', '.join(schemes)}") if schemes else tuple(words)

    @property
    def input(self) -> str:
        """The type of an `<input>` that can show the text and leaves it as it is; else it is one for text.

        Browsers drop what is no date from an input for dates, and write a local date and time without seconds of 00
        (HTML, section 4.10.5.1.11).
        """
        day, _, moment = self.text.partition("T")
        fits = {
            "date": not self.text or _is_date(self.text),
            "time": not self.text or _TIME.fullmatch(self.text),
            "datetime": not self.text or (_is_date(day) and _TIME.fullmatch(moment) and not moment.endswith(":00", 5)),
        }
        return _INPUTS[self.kind] if fits.get(self.kind) else "text"

    def posted(self) -> Any:
        """What a browser posts of it as long as nobody touches it."""
        if self.kind == "object":
            return {each.path[-1]: each.posted() for each in self.fields}
        if self.kind == "list":
            return [each.posted() for each in self.items]
        if self.kind == "boolean" and self.required:
            return self.text == "true"
        return {YAML: self.text} if self.kind == "yaml" else self.text


@dataclass(frozen=True, slots=True)
class Form:
    """All fields, and the problems that belong to none of them."""

    fields: tuple[Field, ...]
    problems: tuple[str, ...] = ()


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
