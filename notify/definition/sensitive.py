"""Sensitive params stay out of what servers and inboxes show: subject, preheader, headers, tags, attachments' names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.definition.model import Definition, InPlace
    from notify.definition.uses import Use
    from notify.yamlnodes import Reader

_EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols")
_ELSEWHERE = "show it in the body only"


def check_sensitive(reader: Reader, definition: Definition) -> None:
    """Note every use of a sensitive param outside of the body. Templates with faults are passed over.

    A value that holds a sensitive one is refused as a whole, and fine where the template takes another field of it.
    """
    if definition.contract is None or not definition.contract.sensitive:
        return
    from jinja2 import Environment, TemplateSyntaxError

    from notify.definition.uses import Uses

    environment = Environment(extensions=_EXTENSIONS)  # noqa: S701  (nothing is rendered, only parsed)
    sensitive = sorted(definition.contract.sensitive)
    for what, template in _parts(definition):
        try:
            uses = Uses(environment.parse(template.source)).found
        except (TemplateSyntaxError, RecursionError):
            continue  # rendering tells, with the place
        for use in uses:
            if fault := _fault(what, use, sensitive):
                reader.fault(_place(template, use.name, use.line), *fault)


def _parts(definition: Definition) -> Iterator[tuple[str, InPlace]]:
    yield from (("the subject", template) for template in definition.subject.values())
    yield from (("the preheader", template) for template in definition.preheader.values())
    yield from ((f"the header {name}", template) for name, template in definition.headers.items())
    yield from (("a tag", template) for template in definition.tags)
    for attachment in definition.attachments:
        for field in ("path", "filename", "type", "cid", "method"):
            if (template := getattr(attachment, field)) is not None:
                yield f"the {field} of an attachment", template


def _fault(what: str, use: Use, sensitive: Iterable[str]) -> tuple[str, str] | None:
    """What is wrong with a use, and what to do; None if nothing is."""
    if not use.path:
        name = next(iter(sensitive))
        return f"{what} uses another template, which could show {name!r}, a sensitive value", "write it in place"
    for name in sensitive:
        pattern = name.replace("[]", ".[]").split(".")
        if all(map(_same, use.path, pattern)):
            if len(use.path) >= len(pattern):
                return f"{what} uses {name!r}, which is sensitive", _ELSEWHERE
            if use.shown:
                whole = ".".join(pattern[: len(use.path)]).replace(".[]", "[]")
                return f"{what} uses all of {whole!r}, and {name!r} is sensitive", "take another field of it"
    return None


def _same(step: str, of_pattern: str) -> bool:
    return step in {of_pattern, "*"} or of_pattern == "[]"


def _place(template: InPlace, name: str, line: int) -> Location:
    if not template.by_line:
        return template.location
    text = template.source.split("\n")[line - 1]
    match = re.search(rf"\b{re.escape(name)}\b", text)
    start = template.location.column if line == 1 else template.indent + 1
    return Location(template.location.path, template.location.line + line - 1, start + (match.start() if match else 0))
