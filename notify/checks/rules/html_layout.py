"""Rules about how a mail is laid out."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.lengths import pixels
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.page import Element

_DATA = frozenset({"caption", "th"})
_NO_ROLE = frozenset({"none", "presentation"})
_NARROW, _WIDE = 200, 640
_PADDING = re.compile("[\u00a0\u00ad\u034f\u061c\u2007\u2009\u200a-\u200f\u2060-\u2064\u3164\ufeff]")
_LONGEST_PADDING = 400


@rule(
    Mail,
    "html-table-role",
    severity="warning",
    why="A screen reader announces a table with its rows and columns, unless it is told that the table is only layout.",
    example='<table width="100%"><tr><td>Hello</td></tr></table>',
    cure='Write `<table role="presentation">`; a table of data has `<th>` or `<caption>` instead.',
)
def table_role(mail: Mail) -> Iterator[Problem]:
    """A table that is only layout does not say so."""
    for table in mail.page.elements:
        if (
            table.tag == "table"
            and table.attributes.get("role", "").strip().lower() not in _NO_ROLE
            and _is_layout(table)
        ):
            yield Problem(
                mail.at(table.offset),
                "this table is layout (it has no th and no caption, or a table inside), and has no role",
                'write role="presentation"',
            )


def _is_layout(table: Element) -> bool:
    inside = list(table.inside())
    return not any(each.tag in _DATA for each in inside) or any(each.tag == "table" for each in inside)


@rule(
    Mail,
    "html-width",
    severity="warning",
    why="Phones shrink a mail that is too wide until its text cannot be read, or make the reader scroll sideways; "
    "without any limit, its lines run over the whole of a wide screen.",
    example='<table role="presentation" width="800">',
    cure="Write `width: 100%` with `max-width: 600px`, and a table of a fixed width for Outlook in a conditional "
    "comment.",
)
def width(mail: Mail) -> Iterator[Problem]:
    """The mail is wider than 640 pixels, or has no width at all."""
    most = limit(mail, "html-width", _WIDE)
    tables, is_limited = [], False
    for element in mail.page.shown:
        length = _width(element)
        if length is not None and length > most:
            yield Problem(
                mail.at(element.offset),
                f"<{element.tag}> is {length:g} pixels wide, more than {most:g}",
                "write max-width, or width: 100%",
            )
        widest = pixels(element.style.get("max-width", ""))
        # What a function such as min() gives cannot be told.
        is_limited |= "(" in element.style.get("width", "") + element.style.get("max-width", "")
        is_limited |= any(each is not None and each >= _NARROW for each in (length, widest))
        if element.tag == "table":
            tables.append(element)
    if tables and not is_limited:
        yield Problem(
            mail.at(tables[0].offset), "nothing limits the width of the mail", "write max-width: 600px on the container"
        )


def _width(element: Element) -> float | None:
    """The width that an element always has, in pixels."""
    if "max-width" in element.style:
        return None
    if "width" in element.style:
        value = element.style["width"]
    elif element.tag in {"col", "div", "img", "table", "td", "th"}:
        value = element.attributes.get("width", "")
    else:
        return None
    return None if "%" in value or "em" in value else pixels(value)


@rule(
    Mail,
    "html-zwsp-padding",
    severity="info",
    why="A preheader is padded with invisible characters so that an inbox shows no more than it; some hundred are "
    "enough, each more costs up to 15 octets, and Gmail clips mails of more than 102 KB.",
    example='<div style="display: none">Hello{{ "&zwnj;&nbsp;" * 300 }}</div>',
    cure="Use fewer: notify's own preheader has about 180.",
)
def zwsp_padding(mail: Mail) -> Iterator[Problem]:
    """A preheader is padded with more than 400 invisible characters."""
    most = limit(mail, "html-zwsp-padding", _LONGEST_PADDING)
    for token in mail.tokens:
        if token.kind == "text" and token.end - token.start > most:
            count = len(_PADDING.findall(unescape(mail.document[token.start : token.end])))
            if count > most:
                yield Problem(
                    mail.at(token.start), f"{count} invisible characters pad the text, more than {most:g}", "use fewer"
                )


RULES: tuple[AnyRule, ...] = (table_role, width, zwsp_padding)
