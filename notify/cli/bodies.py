"""Where the bodies of a notification stand: in the definition, or in template files, perhaps one for each locale."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.definition.model import InPlace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from notify import Definition
    from notify.definition.model import Body

_SUFFIX = {"html": "html", "text": "txt"}
_ENDING = re.compile(r"\.(?:j2|jinja)$")
_LOCALE = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"


def body(definition: Definition, part: str) -> Body | None:
    """What the definition says of its `html`, `text` or `markdown`."""
    found: Body | None = getattr(definition, part)
    return found


def body_files(definition: Definition, part: str, folders: Iterable[Path]) -> dict[str, Path]:
    """The template files of a part by locale, the first folder first; the empty string is the one for all others."""
    declared = body(definition, part)
    if isinstance(declared, InPlace) or (part == "text" and definition.text_auto):
        return {}
    if declared is not None:
        name = declared.name
    elif part in _SUFFIX and not (part == "html" and definition.markdown is not None):
        name = f"{definition.id.replace('.', '/')}.{_SUFFIX[part]}"
    else:
        return {}
    parent, _, last = name.rpartition("/")
    stem, _, suffix = _ENDING.sub("", last).rpartition(".")
    pattern = re.compile(rf"{re.escape(stem)}(?:\.({_LOCALE}))?\.{re.escape(suffix)}(?:\.j2|\.jinja)?")
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((folder / parent).glob("*")):
            if match := pattern.fullmatch(path.name):
                found.setdefault((match[1] or "").replace("_", "-"), path)
    return dict(sorted(found.items()))


def locales(definition: Definition, folders: Iterable[Path]) -> list[str]:
    """The locales that the definition, its samples and its template files name, sorted."""
    folders = tuple(folders)
    named = {*definition.subject, *definition.preheader, *(sample.locale for sample in definition.samples.values())}
    for part in ("html", "text", "markdown"):
        named.update(body_files(definition, part, folders))
    return sorted(locale for locale in named if locale)
