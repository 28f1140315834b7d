"""How tests of the outbox look at values: with the types that `==` does not see."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from notify import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Definition

EVERYTHING = """\
params:
  text: str
  lines: {type: Text, min_length: 3, max_length: 5}
  html: Html
  markdown: Markdown
  raw: {type: bytes, max_length: 4}
  count: int
  ratio: float
  total: Decimal
  yes: bool
  day: date
  moment: datetime
  hour: time
  span: timedelta
  email: Email
  url: Url
  path: Path
  level: "'low' | 'high' | 3"
  note: "str | None"
  either: "int | str | date | bytes"
  stamp: "str | datetime | Decimal"
  tags: "list[Tag]"
  extra: dict[str, Decimal]
  ratios: "list[Ratio]"
  tree: Tree
types:
  Tag: {type: str, max_length: 3}
  Ratio: {value: float, since: date}
  Tree: {name: str, born: "date | None", picture: "bytes | None", children: "list[Tree]"}
subject: Hi
text: x
"""


def definition_of(folder: Path, text: str, name: str = "packed") -> Definition:
    """The definition that a text says."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text)
    return Catalog.load([folder])[name]


def typed(value: Any) -> Any:
    """The value with its types, and with what times have besides."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return kind, [(typed(key), typed(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return kind, [typed(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return kind, value
    if isinstance(value, (datetime, time)):
        return kind, value.isoformat(), str(value.tzinfo), value.fold
    return kind, repr(value)
