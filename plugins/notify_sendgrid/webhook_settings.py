"""What SendGrid's event webhook is set to, as its API says, and whether notify can work with that.

https://www.twilio.com/docs/sendgrid/api-reference/webhooks/get-all-event-webhooks
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

from notify import DeliveryError
from notify.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify_sendgrid.exchange import Answer

    Ask = Callable[[str], Answer]
    Listed = dict[str, Any]

PAGE = "https://app.sendgrid.com/settings/mail_settings/webhook_settings"
SCOPE = "user.webhooks.event.settings.read"
NEEDED = (
    "processed", "deferred", "delivered", "bounce", "dropped", "spam_report", "unsubscribe", "group_unsubscribe",
    "group_resubscribe",
)  # fmt: skip
"""The events that the log and the suppression list are made of, as the settings call them."""
_ALL = "/v3/user/webhooks/event/settings/all"
_SIGNED = "/v3/user/webhooks/event/settings/signed/"
_ADVICE = f"Look at {PAGE}: is it on, which address does it call, is Signed Event Webhook on, with which key?"


class Expected(NamedTuple):
    """What notify.yaml says of the webhook: its address, and the keys that its calls are believed by."""

    url: str | None
    keys: tuple[str, ...]

    def chosen(self, listed: list[Listed]) -> list[Listed]:
        """Which of the account's webhooks is meant: that of the address, else those of the keys, else any."""
        if self.url is not None:
            return [each for each in listed if each["url"] == self.url]
        return [each for each in listed if each.get("public_key") in self.keys] or listed


def check_url(value: str) -> str | None:
    """What is wrong with the address of a webhook, or None."""
    try:
        parts = urlsplit(value)
        wrong = parts.scheme != "https" or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong:
        return "expected where SendGrid calls, such as https://acme.example/webhooks/sendgrid/"
    return "no user and no password belong into it" if "@" in parts.netloc else None


def inquire_webhook(ask: Ask, expected: Expected) -> Iterator[Diagnosis]:
    """Is there a webhook, is it on, does it sign, with which key, and does it tell of all that matters?

    Args:
        ask: asks for a path; raises DeliveryError where there is no answer.
        expected: what notify.yaml says.
    """
    try:
        answer = ask(_ALL)
    except DeliveryError as error:
        yield Diagnosis("webhook", "skipped", f"the event webhook cannot be looked at: {error.reason}", _ADVICE)
        return
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        found = "the key may not be asked about the event webhook, which is right for a key that only sends"
        yield Diagnosis("webhook", "skipped", found, f"{_ADVICE} A key with the permission {SCOPE} may be asked.")
        return
    listed = _listed(answer.document)
    if answer.status != HTTPStatus.OK or listed is None:
        found = f"the event webhook cannot be looked at: SendGrid answers {answer.status}"
        yield Diagnosis("webhook", "skipped", found, _ADVICE, {"status": answer.status})
        return
    data = {"webhooks": [shown(each["url"]) for each in listed]}
    chosen = expected.chosen(listed)
    if not expected.url and not expected.keys:
        yield _unexpected(data)
    elif not chosen:
        yield _missing(expected.url, data)
    elif not any(each.get("enabled") for each in chosen):
        urls = ", ".join(shown(each["url"]) for each in chosen)
        yield Diagnosis("webhook", "warning", f"the event webhook to {urls} is off", f"Switch it on: {PAGE}", data)
    else:
        for each in chosen:
            if each.get("enabled"):
                yield from _examined(ask, each, expected.keys)


def unasked(expected: Expected) -> Iterator[Diagnosis]:
    """What is said of a webhook that notify.yaml speaks of where the API cannot be asked."""
    if expected.url or expected.keys:
        yield Diagnosis("webhook", "skipped", "the event webhook cannot be looked at without the API", _ADVICE)


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _listed(document: object) -> list[Listed] | None:
    """The account's webhooks; where there are none, one without any field may stand in the list."""
    listed = document.get("webhooks") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        return None
    return [each for each in listed if isinstance(each, dict) and isinstance(each.get("url"), str) and each["url"]]


def _unexpected(data: dict[str, Any]) -> Diagnosis:
    urls = data["webhooks"]
    if not urls:
        found = "SendGrid has no event webhook, and tells nobody what becomes of mails"
        return Diagnosis("webhook", "skipped", found, f"To know it, see webhooks.md, and make one: {PAGE}", data)
    found = f"SendGrid tells {', '.join(urls)} what becomes of mails; whether that is notify, nothing says"
    advice = "Write webhook_url and webhook_key into notify.yaml, and this is looked at too."
    return Diagnosis("webhook", "skipped", found, advice, data)


def _missing(url: str | None, data: dict[str, Any]) -> Diagnosis:
    urls = data["webhooks"]
    if not urls:
        advice = f"Make one, with Signed Event Webhook: {PAGE}"
        found = "SendGrid has no event webhook, and tells nobody what becomes of mails"
        return Diagnosis("webhook", "warning", found, advice, data)
    near = [each for each in urls if url is not None and each.rstrip("/") == url.rstrip("/")]
    advice = f"Let it call webhook_url, or correct webhook_url: {PAGE}"
    if near:
        advice = f"They differ in the slash at the end, and SendGrid follows no redirects. {advice}"
    found = f"no event webhook of the account calls {shown(url or '')}; there is {', '.join(urls)}"
    return Diagnosis("webhook", "warning", found, advice, data)


def _examined(ask: Ask, webhook: Listed, keys: tuple[str, ...]) -> Iterator[Diagnosis]:
    url = shown(webhook["url"])
    data = {"url": url}
    if webhook["url"].startswith("https:"):
        yield Diagnosis("webhook", "ok", f"SendGrid tells {url} what becomes of mails", data=data)
    else:
        advice = f"Let it call an address with https: {PAGE}"
        yield Diagnosis(
            "webhook", "warning", f"SendGrid calls {url} in clear: everybody on the way reads it", advice, data
        )
    yield _signature(_public_key(ask, webhook), keys, data)
    off = [name for name in NEEDED if webhook.get(name) is not True]
    if off:
        found = f"it does not tell of {', '.join(off)}"
        advice = f"Choose them too, or the log and the suppression list never hear of it: {PAGE}"
        yield Diagnosis("events", "warning", found, advice, {**data, "off": off})
    else:
        found = "it tells of all that the log and the suppression list are made of"
        yield Diagnosis("events", "ok", found, data=data)


def _signature(key: str, keys: tuple[str, ...], data: dict[str, Any]) -> Diagnosis:
    data = {**data, "public_key": key or None}
    if not key:
        advice = f"Switch Signed Event Webhook on, and write its key into notify.yaml as webhook_key: {PAGE}"
        found = "its calls are not signed, and notify takes no others"
        return Diagnosis("webhook-key", "warning", found, advice, data)
    if not keys:
        advice = f"So that SendGridWebhook.of finds it, write webhook_key: {key}"
        return Diagnosis("webhook-key", "skipped", "its calls are signed; webhook_key is not set", advice, data)
    if key not in keys:
        advice = f"Put its key before or in place of the other: webhook_key: {key}"
        found = "its calls are signed by another key than webhook_key, and are refused"
        return Diagnosis("webhook-key", "warning", found, advice, data)
    return Diagnosis("webhook-key", "ok", "its calls are signed, and webhook_key is its key", data=data)


def _public_key(ask: Ask, webhook: Listed) -> str:
    """The key that its calls are signed with; empty if they are not, or nobody says."""
    if isinstance(given := webhook.get("public_key"), str):
        return given.strip()
    try:
        answer = ask(_SIGNED + quote(str(webhook.get("id", "")), safe=""))
    except DeliveryError:
        return ""
    document = answer.document if answer.status == HTTPStatus.OK else None
    given = document.get("public_key") if isinstance(document, dict) else None
    return given.strip() if isinstance(given, str) else ""
