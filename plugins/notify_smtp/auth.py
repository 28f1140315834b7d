"""Logging in: PLAIN (RFC 4616), LOGIN, and XOAUTH2 with its detour when a token is refused."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from notify_smtp.replies import Reply
from notify_smtp.scrub import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify_smtp.endpoint import Credentials, Mechanism

    Ask = Callable[..., Reply]

_CONTINUE = 334


def choose(credentials: Credentials, offered: tuple[str, ...]) -> Mechanism | None:
    """The mechanism to use with a server that offers these, or None if there is none in common."""
    wanted: tuple[Mechanism, ...] = (credentials.mechanism,) if credentials.mechanism else ("plain", "login")
    return next((mechanism for mechanism in wanted if mechanism.upper() in offered), None)


def log_in(ask: Ask, credentials: Credentials, mechanism: Mechanism) -> Reply:
    """Run the exchange; the last answer tells how it went.

    Args:
        ask: sends a line, which is logged as `shown`, and returns the answer.
        credentials: who logs in.
        mechanism: one that the server offers.
    """
    return {"plain": _plain, "login": _login, "xoauth2": _xoauth2}[mechanism](ask, credentials)


def _plain(ask: Ask, credentials: Credentials) -> Reply:
    return ask(f"AUTH PLAIN {credentials.plain}", shown="AUTH PLAIN ***")


def _login(ask: Ask, credentials: Credentials) -> Reply:
    reply = ask("AUTH LOGIN")
    for word in (credentials.username, credentials.secret.reveal()):
        if reply.code != _CONTINUE:
            break
        reply = ask(encoded(word), shown="***")
    return reply


def _xoauth2(ask: Ask, credentials: Credentials) -> Reply:
    reply = ask(f"AUTH XOAUTH2 {credentials.xoauth2}", shown="AUTH XOAUTH2 ***")
    if reply.code != _CONTINUE:
        return reply
    # a refusal comes in two steps: the reason as JSON in base64, then, after an empty line, the real answer
    reason, verdict = _decoded(reply.text), ask("")
    return Reply(verdict.code, (*verdict.lines, reason) if reason else verdict.lines)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "backslashreplace")
    except binascii.Error:
        return ""
