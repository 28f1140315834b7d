"""Rules about the frame of a mail's HTML: what a document says of itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.markup.tokens import Token

_DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_CONDITION = re.compile(r"<!(?:--)?\[if\b", re.IGNORECASE)
_END = re.compile(r"<!(?:--<!)?\[endif\]", re.IGNORECASE)
_HIDDEN_END = re.compile(r"<!\[endif\]-->\Z", re.IGNORECASE)
_REVEALED = re.compile(r"<!--\[if[^\]]*\](?:>\s*<!--|>-->|-->|>\s*<!-->)", re.IGNORECASE)


@rule(
    Mail,
    "html-doctype-lang-title",
    severity="warning",
    why="Without a doctype, clients fall back to the layout rules of old browsers; without a language, a screen reader "
    "reads with the wrong voice (WCAG 3.1.1); without a charset or a title, what is saved or opened in a browser is "
    "garbled or nameless.",
    example="<html><body>Hello</body></html>",
    cure='Begin with `<!DOCTYPE html>`, write `<html lang="en">`, `<meta charset="utf-8">` and a `<title>`, or extend '
    "`notify/base.html`, which has them.",
)
def doctype_lang_title(mail: Mail) -> Iterator[Problem]:
    """The HTML has no doctype, language, charset or title."""
    if not mail.document.strip():
        return
    if not any(token.kind == "comment" and _DOCTYPE.match(mail.document, token.start) for token in mail.tokens):
        yield Problem(mail.at(0), "the HTML has no doctype", "begin it with <!DOCTYPE html>")
    root, head = _first(mail, "html"), _first(mail, "head")
    frame = root or head
    if root is None or not (root.get("lang") or "").strip():
        yield Problem(
            mail.at(root.start if root else 0), "the <html> tag has no lang attribute", 'write <html lang="...">'
        )
    if not any(_is_charset(token) for token in mail.tokens):
        place = head or root
        yield Problem(
            mail.at(place.start if place else 0),
            "the HTML names no charset",
            'put <meta charset="utf-8"> into the head',
        )
    if not _has_title(mail):
        title = _first(mail, "title") or head or frame
        yield Problem(
            mail.at(title.start if title else 0),
            "the HTML has no title",
            "put a <title> with the subject into the head",
        )


def _first(mail: Mail, name: str) -> Token | None:
    return next((token for token in mail.tokens if token.kind == "start" and token.name == name), None)


def _is_charset(token: Token) -> bool:
    if token.kind != "start" or token.name != "meta":
        return False
    return token.get("charset") is not None or (
        (token.get("http-equiv") or "").lower() == "content-type" and "charset" in (token.get("content") or "").lower()
    )


def _has_title(mail: Mail) -> bool:
    return any(
        token.kind == "raw" and token.name == "title" and mail.document[token.start : token.end].strip()
        for token in mail.tokens
    )


@rule(
    Mail,
    "html-conditional-comments",
    severity="error",
    why="Outlook for Windows hides everything after a condition that is not closed; other clients show what was meant "
    "for Outlook only.",
    example="<!--[if mso]><table><tr><td>",
    cure="Close every `<!--[if ...]>` with `<![endif]-->`, and every `<!--[if !mso]><!-->` with `<!--<![endif]-->`; "
    "put no other comment inside.",
)
def conditional_comments(mail: Mail) -> Iterator[Problem]:
    """A conditional comment is not closed, or closed twice."""
    opened: list[tuple[Token, str]] = []
    for token in mail.tokens:
        kind = _kind(mail.document[token.start : token.end]) if token.kind in {"comment", "unclosed"} else ""
        if kind in {"revealed", "hidden"}:
            opened.append((token, kind))
        elif kind == "robbing":
            yield _open(mail, token)
        elif kind == "end":
            if not opened:
                comment = mail.document[token.start : token.end]
                yield Problem(mail.at(token.start), f"{_shown(comment)} closes no condition", "remove it")
            elif opened[-1][1] == "hidden":
                yield _open(mail, opened[-1][0])
            del opened[-1:]
    for token, _ in opened:
        yield _open(mail, token)


def _kind(comment: str) -> str:
    """What a comment is to conditions: nothing if it is whole, or has to do with none.

    One that is `hidden` has no end of its own, since another comment in it has cut it short, or there is none; one that
    is `robbing` ends only with the end of another.
    """
    if _END.match(comment):
        return "end"
    if not _CONDITION.match(comment):
        return ""
    if not comment.startswith("<!--") or _REVEALED.match(comment):
        return "revealed"
    if not _HIDDEN_END.search(comment):
        return "hidden"
    return "robbing" if "<!--" in comment[1:] else ""


def _open(mail: Mail, token: Token) -> Problem:
    comment = mail.document[token.start : token.end]
    hint = "close it with <![endif]-->" + (", and put no other comment inside" if "<!--" in comment[1:] else "")
    return Problem(mail.at(token.start), f"the condition {_shown(comment)} is not closed", hint)


def _shown(comment: str) -> str:
    return comment.partition("]")[0] + "]"


RULES: tuple[AnyRule, ...] = (doctype_lang_title, conditional_comments)
