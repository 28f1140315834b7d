"""What both ways to SendGrid share: the key, the region, who may be in From, and defaults for all messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from notify import ConfigError, DeliveryError, Secret, Transport, TransportConfigError, setting
from notify.addresses import covers
from notify_sendgrid import values
from notify_sendgrid.instructions import Instructions
from notify_sendgrid.webhook_settings import Expected, check_url
from notify_smtp import PRESETS, secret_from_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Message

BASE_URLS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
SENDERS = "https://app.sendgrid.com/settings/sender_auth"
KEYS = "https://app.sendgrid.com/settings/api_keys"
SENDGRID = PRESETS["sendgrid"]


def _checked(read: Callable[[object], Any]) -> Callable[[Any], str | None]:
    """The check of a setting that an option of a message could give as well."""

    def check(value: object) -> str | None:
        try:
            read(value)
        except ValueError as error:
            return str(error)
        return None

    return check


class Account(Transport):
    """The base of both transports."""

    dkim_selectors: ClassVar[tuple[str, ...]] = ("s1", "s2")  # of domain authentication, unless others were asked for

    api_key: Secret | None = setting("The API key; by default the variable SENDGRID_API_KEY.", default=None)
    region: Literal["global", "eu"] = setting("Where the account is: global or eu.", default="global")
    verified_senders: tuple[str, ...] = setting(
        "Addresses, domains, or *.domain that SendGrid has verified; others are refused before connecting.", default=()
    )
    asm_group: int | None = setting(
        "The unsubscribe group of each message that names none.", default=None, check=_checked(values.group)
    )
    ip_pool: str | None = setting(
        "The IP pool of each message that names none.", default=None, check=_checked(values.ip_pool)
    )
    webhook_url: str | None = setting(
        "Where SendGrid's event webhook calls; `notify doctor` compares.", default=None, check=check_url
    )
    webhook_key: tuple[str, ...] = setting(
        "The verification key of the event webhook, or several while it is changed; it is public.",
        default=(),
        check=_checked(values.public_keys),
    )

    @property
    def expected(self) -> Expected:
        """What its settings say of the event webhook."""
        return Expected(self.webhook_url, self.webhook_key)

    def objection(self, message: Message) -> str | None:
        """Why SendGrid would refuse the message: its sender, or what it tells SendGrid."""
        try:
            self.instructions(message)
        except DeliveryError as error:
            return error.reason
        return None

    def _unverified(self, message: Message) -> str | None:
        """Why the message's sender would be refused, if `verified_senders` says so."""
        sender = message.sender.email
        if not self.verified_senders or any(covers(entry, sender) for entry in self.verified_senders):
            return None
        return f"the sender {sender} is not among verified_senders ({', '.join(self.verified_senders)})"

    def instructions(self, message: Message) -> Instructions:
        """What the message tells SendGrid.

        Raises:
            TransportConfigError: the sender is not among `verified_senders`.
            RefusedError: SendGrid would not take it, or not understand it.
        """
        if reason := self._unverified(message):
            raise TransportConfigError(
                reason,
                transport=self.name,
                phase="check",
                advice=f"Verify it or its domain at {SENDERS} and add it there, or send from one that is verified.",
            )
        return Instructions.of(message, {"asm_group": self.asm_group, "ip_pool": self.ip_pool}, self.name)


def read_key(name: str, given: Secret | None) -> Secret:
    """The key that is set, or that the environment has.

    Raises:
        ConfigError: there is none, or it cannot be one; the error does not show it.
    """
    key = given or secret_from_environment(SENDGRID)
    if key is None:
        raise ConfigError(
            f"{name}: there is no API key: set api_key, or the environment variable {SENDGRID.variable}. "
            f"{SENDGRID.advice}"
        )
    text = key.reveal()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ConfigError(
            f"{name}: the API key has blanks, line breaks or other characters that no key has; was it copied whole, "
            "and nothing else?"
        )
    return key
