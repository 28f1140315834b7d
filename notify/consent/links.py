"""The links of a message by which its recipient leaves: for its headers and for its templates."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from notify.consent.scopes import Scope
from notify.consent.tokens import Tokens
from notify.definition import RECIPIENT

if TYPE_CHECKING:
    from datetime import datetime

    from notify.configuration import Environment

LIST, POST = "List-Unsubscribe", "List-Unsubscribe-Post"
ONE_CLICK = "List-Unsubscribe=One-Click"
SAMPLE = "https://unsubscribe.example"
"""Where the links of samples lead: nowhere, and everywhere the same."""


class Linked(NamedTuple):
    """The links of one message; empty where it has none.

    Attributes:
        unsubscribe: the page that asks whether to unsubscribe, and takes one-click posts.
        preferences: the page of all choices.
        headers: those of RFC 2369 and RFC 8058.
    """

    unsubscribe: str = ""
    preferences: str = ""
    headers: tuple[tuple[str, str], ...] = ()


NONE = Linked()
_SAMPLE = Linked(f"{SAMPLE}/u/sample", f"{SAMPLE}/p/sample", ((LIST, f"<{SAMPLE}/u/sample>"), (POST, ONE_CLICK)))


class Links:
    """Makes the links of an environment's messages. Safe to share between threads.

    Where the pages are, and the keys, are looked up with the first message that needs them.

    Args:
        environment: says where people unsubscribe, and has the keys.
        samples: whether all messages are samples: then links lead nowhere, and no key is needed.
    """

    def __init__(self, environment: Environment, *, samples: bool = False) -> None:
        self._environment = environment
        self._samples = samples

    def of(self, people: tuple[str, ...], scope: Scope, date: datetime | None = None) -> Linked:
        """The links of a message.

        Args:
            people: all who get it, copies and hidden ones too. Of several, one could unsubscribe another: there are
                no links.
            scope: what its recipient leaves.
            date: the message's, from which on the links work; by default now.

        Raises:
            ConfigError: there is no key, or one cannot be used, or what notify.yaml says is wrong.
        """
        if len(people) != 1:
            return NONE
        if self._samples or people[0] == RECIPIENT:
            return _SAMPLE
        url, mailto, tokens = self._parts
        now = time.time() if date is None else date.timestamp()
        recipient = people[0].lower()  # as `person` gives it; this is no text that anybody typed
        token = tokens.issue("unsubscribe", recipient, scope, now=now)
        left = tokens.issue("preferences", recipient, scope, now=now)
        by_mail = f", <{mailto}{token}>" if mailto else ""
        return Linked(f"{url}/u/{token}", f"{url}/p/{left}", ((LIST, f"<{url}/u/{token}>{by_mail}"), (POST, ONE_CLICK)))

    @cached_property
    def _parts(self) -> tuple[str, str, Tokens]:
        """Where the pages are, what stands before a token in a mailto: link or nothing, and what makes tokens."""
        settings = self._environment.unsubscribe
        assert settings is not None  # noqa: S101 - links are made only where something says so
        mailto = f"mailto:{quote(settings.mailto, safe='@')}?subject=" if settings.mailto else ""
        return settings.url, mailto, Tokens.of(self._environment.unsubscribe_keys, settings.lifetime)


def scope_of(unsubscribing: str, category: str, notification: str) -> Scope | None:
    """What the recipient of a mail leaves; None where the mail has to arrive.

    Mails that must have a link are bulk: who leaves one leaves its category. Others may be wanted each for itself.
    """
    if unsubscribing == "never":
        return None
    return Scope.category(category) if unsubscribing == "required" else Scope.notification(notification)


def with_headers(own: tuple[tuple[str, str], ...], linked: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A message's own headers with those of its links; its own List-Unsubscribe is left alone, and goes alone."""
    names = {name.lower() for name, _ in own}
    if LIST.lower() in names:
        return own
    return (*own, *((name, value) for name, value in linked if name.lower() not in names))
