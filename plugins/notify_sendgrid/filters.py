"""Filters: what SendGrid does with a message on its way, by the names that X-SMTPAPI has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notify.suggest import did_you_mean
from notify_sendgrid import values

_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_REMOVED = {"bcc", "spamcheck"}
_SMTP_NAMES = {"text": "text/plain", "html": "text/html"}
_API_NAMES = {"replace": "substitution_tag"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter that is known.

    Attributes:
        api: where the API has it: the section of the request, and its name there.
        texts: settings that must be given where it is enabled; SendGrid wants all of them.
        optional: further texts.
        flags: further switches, off unless given.
    """

    api: tuple[str, str]
    texts: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The settings, all of them and no other.

        Raises:
            ValueError: one is unknown, missing or of another kind.
        """
        known = ("enable", *self.flags, *self.texts, *self.optional)
        for name in given:
            if name not in known:
                raise ValueError(f"unknown setting {name!r} ({did_you_mean(name, known)})")
        settings: dict[str, Any] = {"enable": _flag("enable", given.get("enable", True))}
        if settings["enable"]:
            settings |= {name: _flag(name, given.get(name, False)) for name in self.flags}
        for name in (*self.texts, *self.optional):
            if name in given:
                settings[name] = _text(name, given[name])
            elif settings["enable"] and name in self.texts:
                raise ValueError(f"setting {name!r} is missing: SendGrid wants {', '.join(self.texts)}; one may be ''")
        return settings


FILTERS: Mapping[str, Filter] = {
    "bypass_list_management": Filter(("mail_settings", "bypass_list_management")),
    "clicktrack": Filter(("tracking_settings", "click_tracking"), flags=("enable_text",)),
    "footer": Filter(("mail_settings", "footer"), texts=("text", "html")),
    "ganalytics": Filter(
        ("tracking_settings", "ganalytics"),
        texts=("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign"),
    ),
    "opentrack": Filter(("tracking_settings", "open_tracking"), optional=("replace",)),
    "subscriptiontrack": Filter(
        ("tracking_settings", "subscription_tracking"), texts=("text", "html"), optional=("replace",)
    ),
}


def read_filters(given: object) -> dict[str, dict[str, Any]]:
    """Filters by name with their settings; true and false alone switch one on and off.

    An unknown name that is not nearly a known one is passed on over SMTP, with texts, numbers, true and false.

    Raises:
        ValueError: SendGrid would not understand one.
    """
    if not isinstance(given, Mapping):
        raise ValueError(f"expected filters by name, got {given!r:.80}")  # noqa: TRY004 - it is about a value
    return {name: _read(name, settings) for name, settings in given.items()}


def read_tracking(given: object) -> dict[str, dict[str, Any]]:
    """Clicks and opens both switched on or off.

    Raises:
        ValueError: it is neither true nor false.
    """
    return read_filters(dict.fromkeys(("clicktrack", "opentrack"), values.flag(given)))


def for_smtp(filters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The filters as X-SMTPAPI has them."""
    return {
        name: {"settings": {_SMTP_NAMES.get(key, key): _number(value) for key, value in settings.items()}}
        for name, settings in filters.items()
    }


def for_api(filters: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The filters as the API has them, by section.

    Raises:
        ValueError: the API does not have one.
    """
    sections: dict[str, dict[str, Any]] = {}
    for name, settings in filters.items():
        if name not in FILTERS:
            raise ValueError(f"filter {name!r}: the API does not have it ({did_you_mean(name, FILTERS)})")
        section, own = FILTERS[name].api
        sections.setdefault(section, {})[own] = {_API_NAMES.get(key, key): value for key, value in settings.items()}
    return sections


def _read(name: object, given: object) -> dict[str, Any]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"filter {name!r:.80}: a name is small letters and _")
    if name in _REMOVED:
        raise ValueError(f"filter {name!r}: SendGrid has removed it")
    hint = did_you_mean(name, FILTERS)
    if name not in FILTERS and hint.startswith("did you mean"):
        raise ValueError(f"unknown filter {name!r} ({hint})")
    if isinstance(given, bool):
        given = {"enable": given}
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise ValueError(f"filter {name!r}: expected its settings by name, or true or false, got {given!r:.80}")
    try:
        return FILTERS[name].read(given) if name in FILTERS else _passed(given)
    except ValueError as error:
        raise ValueError(f"filter {name!r}: {error}") from None


def _passed(given: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in given.items():
        if not isinstance(value, (str, int, float)):
            raise ValueError(f"{key}: expected text, a number, true or false, got {value!r:.80}")  # noqa: TRY004
    return dict(given)


def _flag(name: str, value: object) -> bool:
    try:
        return values.flag(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _text(name: str, value: object) -> str:
    try:
        return values.text(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _number(value: object) -> object:
    return int(value) if isinstance(value, bool) else value
