"""Rules about a message as it is sent: its parts, their sizes and their encoding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.bodies import beginning
from notify.checks.rule import AnyRule, Problem, rule
from notify.mime.encodings import LIMIT, text_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.checks.finding import Severity
    from notify.errors import Location
    from notify.markup.tokens import Token

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_GARBLED = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)
_COLUMNS = 78


@rule(
    Mail,
    "msg-missing-text",
    severity="error",
    why="Watches, notifications, text clients and some screen readers show the text part only, and filters distrust a "
    "mail that has HTML alone (SpamAssassin's MIME_HTML_ONLY).",
    example='html: welcome.html\ntext: ""',
    cure="Remove the empty text, so that it is derived from the HTML, or write one.",
)
def missing_text(mail: Mail) -> Iterator[Problem]:
    """The mail has no text part, or an empty one."""
    if mail.html and not mail.text.strip():
        yield Problem(mail.at_text, "the text part is empty", "leave `text` out, and it is derived from the HTML")


@rule(
    Mail,
    "msg-text-long-line",
    severity="info",
    why="Lines of more than 78 characters are cut or scrolled where text is shown as it is; more than 998 octets must "
    "not stand in a line of a mail at all (RFC 5322, section 2.1.1).",
    example="A paragraph of the .txt template that goes on and on in one line ...",
    cure="Break lines in the template, or let the text be derived from the HTML, which wraps it.",
)
def text_long_line(mail: Mail) -> Iterator[Problem]:
    """A line of the text is too long."""
    columns = int(mail.settings.limits.get("msg-text-long-line", _COLUMNS))
    offset = 0
    for line in mail.text.split("\n"):
        octets = len(line.encode())
        if octets > LIMIT:
            message = f"a line of the text has {octets:,} octets, more than {LIMIT}"
            yield Problem(mail.at_plain(offset), message, "break it", "error")
        elif len(line) > columns and _can_be_wrapped(line, columns):
            message = f"a line of the text has {len(line)} characters, more than {columns}"
            yield Problem(mail.at_plain(offset), message, "break it at a blank")
        offset += len(line) + 1


def _can_be_wrapped(line: str, columns: int) -> bool:
    """Whether it is words that make it long: not one long link, and no table, which has its columns by blanks."""
    words = line.strip()
    return "  " not in words and " " in words[:columns] and not any(len(word) >= columns // 2 for word in words.split())


@rule(
    Mail,
    "msg-size-clip",
    severity="warning",
    why="Gmail cuts a mail at about 102 KB of HTML and hides the rest, the unsubscribe link with it, behind a link "
    "(measured: github.com/hteumeuleu/email-bugs, issue 41).",
    example="A digest of 200 articles with a styled card each",
    cure="Show less and link to the rest; remove styles and comments that nothing needs.",
)
def size_clip(mail: Mail) -> Iterator[Problem]:
    """The HTML is so large that Gmail cuts it."""
    octets = mail.message.octets[1]
    if octets is None:
        return
    encoding, body = text_body(octets, eight_bit=False)
    for limit, severity in _limits(mail, "msg-size-clip", 90_000, 102_400):
        if len(body) >= limit:
            message = f"the HTML has {len(body):,} octets in {encoding}; Gmail cuts at about 102,400"
            yield Problem(beginning(mail), message, "show less and link to the rest", severity)
            return


@rule(
    Mail,
    "msg-style-limit",
    severity="warning",
    why="Gmail drops the <style> elements beyond 8,192 characters, and all of them beyond 16,384 "
    "(measured: github.com/hteumeuleu/email-bugs, issue 90); what was not inlined is then lost.",
    example="<style>/* a whole framework */</style>",
    cure="Keep only media queries and what cannot be inlined.",
)
def style_limit(mail: Mail) -> Iterator[Problem]:
    """The mail has too much CSS in <style> elements."""
    sheets = ("".join(map(str, each.children)) for each in mail.page.elements if each.tag == "style")
    octets = sum(len(sheet.encode()) for sheet in sheets)
    for limit, severity in _limits(mail, "msg-style-limit", 8_192, 16_384):
        if octets > limit:
            first = next((token.start for token in mail.tokens if token.kind == "start" and token.name == "style"), 0)
            message = f"the <style> elements have {octets:,} octets, more than {limit:,.0f}"
            yield Problem(mail.at(first), message, "keep only media queries and what cannot be inlined", severity)
            return


@rule(
    Mail,
    "msg-total-size",
    severity="warning",
    why="Providers and mailboxes refuse mails of more than 20 to 30 MB, base64 included, and phones are slow to load "
    "smaller ones.",
    example="attachments: [{path: catalogue.pdf}]   # 14 MB",
    cure="Link to the file instead of attaching it, or make it smaller.",
)
def total_size(mail: Mail) -> Iterator[Problem]:
    """The mail is very large."""
    for limit, severity in _limits(mail, "msg-total-size", 10_000_000, 20_000_000):
        if len(mail.octets) > limit:
            message = f"the mail has {len(mail.octets) / 1e6:.1f} MB, more than {limit / 1e6:g} MB"
            attachments = mail.definition.attachments
            place = attachments[0].location if attachments else beginning(mail)
            yield Problem(place, message, "link to files instead of attaching them", severity)
            return


@rule(
    Mail,
    "msg-charset",
    severity="error",
    why="Letters that were read in the wrong encoding reach people as \u00c3\u00a9 or as a black diamond, and what the "
    "HTML says of its charset counts where a mail is saved or forwarded.",
    example='<meta charset="iso-8859-1">\n<p>Your caf\u00c3\u00a9</p>',
    cure='Save the template as UTF-8 and write <meta charset="utf-8">.',
)
def charset(mail: Mail) -> Iterator[Problem]:
    """The mail has garbled letters, or claims another encoding than UTF-8."""
    for token in mail.tokens:
        named = _named_charset(token)
        if named is not None and named.lower() not in {"utf-8", "utf8"}:
            message = f"the HTML says that its charset is {named}, and mails are sent in UTF-8"
            yield Problem(mail.at(token.start), message, 'write <meta charset="utf-8">')
    yield from _garbled(mail.message.subject, lambda _: mail.at_subject)
    yield from _garbled(mail.document, mail.at)
    if not mail.text_is_derived:
        yield from _garbled(mail.text, mail.at_plain)


def _named_charset(token: Token) -> str | None:
    if token.kind != "start" or token.name != "meta":
        return None
    found = _CHARSET.search(token.get("content") or "")
    return token.get("charset") or (found[1] if found else None)


def _garbled(text: str, place: Callable[[int], Location]) -> Iterator[Problem]:
    """The first place where a text has garbled letters."""
    lost = text.find("\ufffd")
    if lost >= 0:
        yield Problem(place(lost), "a letter was lost in a wrong encoding: \ufffd", "save the file as UTF-8")
    for found in _GARBLED.finditer(text):
        try:
            meant = found[0].encode("cp1252").decode()
        except UnicodeError:
            continue
        yield Problem(place(found.start()), f"{found[0]!r} is {meant!r} read in a wrong encoding", "save it as UTF-8")
        return


def _limits(mail: Mail, name: str, warning: float, error: float) -> tuple[tuple[float, Severity], ...]:
    """The thresholds, the error's first; notify.yaml sets the error's, and the warning's goes with it."""
    limit = mail.settings.limits.get(name, error)
    return (limit, "error"), (limit * warning / error, "warning")


RULES: tuple[AnyRule, ...] = (missing_text, text_long_line, size_clip, style_limit, total_size, charset)
