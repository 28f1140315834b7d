"""Rules about leaving a list: the headers of RFC 2369 and RFC 8058, and the link that people see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.bodies import ending
from notify.checks.rule import AnyRule, Problem, rule
from notify.markup.links import links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import Location

_LIST, _POST = "List-Unsubscribe", "List-Unsubscribe-Post"
_ONE_CLICK = "List-Unsubscribe=One-Click"
_WORDS = re.compile(
    r"unsubscri|opt.?out|stop receiving|(?:mail|notification) (?:preferences|settings)|manage (?:preferences|subscri)"
    r"|abmeld|abbestell|austragen|désabonn|désinscri|darse de baja|desuscribir"
    r"|cancelar (?:la )?(?:suscripción|inscrição)|annulla(?:re)? l['\u2019]iscrizione|disiscri|afmeld|uitschrijv"
    r"|avmeld|avprenumer|avregistrer|peruuta|wypis"
    r"|odhlásit|leiratkoz|dezabon|отпис|відпис|abonelikten"
    r"|إلغاء الاشتراك|הסר|配信停止|登録解除|退订|取消订阅|取消訂閱|수신거부|구독 취소",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"unsubscri|opt-?out|abmeld|desabonn|/preferences\b|subscription", re.IGNORECASE)


@rule(
    Mail,
    "hdr-missing-unsubscribe",
    severity="error",
    why="Gmail and Yahoo refuse bulk mail without one-click unsubscribing since 2024 (RFC 8058), and who finds no "
    "link presses the spam button.",
    example="category: marketing\nsubject: New this week",
    cure="Say in notify.yaml where people unsubscribe (`unsubscribe: {url: ...}`), which adds both headers, or write "
    "List-Unsubscribe and List-Unsubscribe-Post under `headers`. Put a link into the body, such as "
    "`{{ ui.unsubscribe(unsubscribe_url) }}`.",
)
def missing_unsubscribe(mail: Mail) -> Iterator[Problem]:
    """A mail that may be unwanted does not say how to get no more of them."""
    if mail.whole.unsubscribing(mail.definition) != "required":
        return
    headers = _headers(mail)
    place = mail.whole.place(mail.definition, "headers" if mail.definition.headers else "category")
    category = mail.definition.category
    if _LIST.lower() not in headers:
        hint = f"say in notify.yaml where people unsubscribe, or write {_LIST} under headers"
        yield Problem(place, f"a {category} mail has no header {_LIST}", hint)
    post = headers.get(_POST.lower())
    if post != _ONE_CLICK:
        hint = f"write {_POST}: {_ONE_CLICK} under headers"
        if post is None:
            yield Problem(place, f"a {category} mail has no header {_POST}", hint)
        else:
            yield Problem(_place(mail, _POST), f"{_POST} is {post!r}, expected {_ONE_CLICK}", hint)
    if not _has_link(mail, headers.get(_LIST.lower(), "")):
        message = f"a {category} mail has no link to unsubscribe in its body"
        hint = "put one into the footer, such as {{ ui.unsubscribe(unsubscribe_url) }} of notify/components.html"
        yield Problem(ending(mail), message, hint)


@rule(
    Mail,
    "hdr-unsubscribe-syntax",
    severity="error",
    why="Mailbox providers ignore a List-Unsubscribe that is not written as RFC 2369 and RFC 8058 say, and show no "
    "button.",
    example='List-Unsubscribe: "{{ unsubscribe_url }}"',
    cure='Put each URL into angle brackets, an https: one and perhaps a mailto: one: "<https://...>, <mailto:...>".',
)
def unsubscribe_syntax(mail: Mail) -> Iterator[Problem]:
    """The header List-Unsubscribe cannot be understood."""
    value = _headers(mail).get(_LIST.lower())
    if value is None:
        return
    place = _place(mail, _LIST)
    items = [item.strip() for item in re.split(r",(?![^<]*>)", value)]
    urls = [item[1:-1] for item in items if item.startswith("<") and item.endswith(">")]
    if len(urls) < len(items):
        wrong = next(item for item in items if not (item.startswith("<") and item.endswith(">")))
        yield Problem(place, f"{_LIST}: {wrong!r} is not in angle brackets", "write <https://...>")
        return
    schemes = [url.partition(":")[0].lower() for url in urls]
    for url, scheme in zip(urls, schemes, strict=True):
        if not url or re.search(r"\s", url):
            yield Problem(place, f"{_LIST}: {url!r} is empty or has blanks", "write one URL in each pair of brackets")
        elif scheme == "http":
            yield Problem(place, f"{_LIST}: {url!r} is not encrypted", "write https: (RFC 8058, section 3.1)")
        elif scheme not in {"https", "mailto"}:
            yield Problem(place, f"{_LIST}: {url!r} is neither https: nor mailto:", "write an absolute URL")
    for scheme in ("https", "mailto"):
        if schemes.count(scheme) > 1:
            yield Problem(place, f"{_LIST} has several URLs with {scheme}:", "keep one")
    if _POST.lower() in _headers(mail) and not {"https", "http"} & set(schemes):
        message = f"{_LIST} has no https: URL, and {_POST} needs one"
        yield Problem(place, message, "add <https://...> (RFC 8058, section 3.1)")


@rule(
    Mail,
    "hdr-unsubscribe-transactional",
    severity="info",
    why="Who unsubscribes from sign-in codes locks himself out: such mails have to arrive.",
    example='category: security\nheaders: {List-Unsubscribe: "<https://acme.example/unsubscribe>"}',
    cure="Remove the header, or give the notification another category.",
)
def unsubscribe_transactional(mail: Mail) -> Iterator[Problem]:
    """A mail that has to arrive can be unsubscribed from."""
    if mail.whole.unsubscribing(mail.definition) == "never" and _LIST.lower() in _headers(mail):
        message = f"a {mail.definition.category} mail has the header {_LIST}"
        yield Problem(_place(mail, _LIST), message, "remove it: such mails have to arrive")


def _headers(mail: Mail) -> dict[str, str]:
    return {name.lower(): value for name, value in mail.message.headers}


def _place(mail: Mail, name: str) -> Location:
    found = (each.location for key, each in mail.definition.headers.items() if key.lower() == name.lower())
    return next(found, mail.definition.location)


def _has_link(mail: Mail, header: str) -> bool:
    """Whether the body has the header's link, or one that says what it is for."""
    found = links(mail.message.html, None if mail.html else mail.message.text)
    about = mail.text if not mail.html else ""
    return any(
        link.url and (f"<{link.url}>" in header or _IN_URL.search(link.url) or _WORDS.search(f"{link.words} {about}"))
        for link in found
    )


RULES: tuple[AnyRule, ...] = (missing_unsubscribe, unsubscribe_syntax, unsubscribe_transactional)
