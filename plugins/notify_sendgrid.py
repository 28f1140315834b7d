"""Mail through SendGrid's SMTP relay.

The user name is always the word `apikey`; what is yours is the API key. SendGrid reads tags and metadata from the
header X-SMTPAPI: https://www.twilio.com/docs/sendgrid/for-developers/sending-email/building-an-x-smtpapi-header
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from notify import Capabilities, ConfigError, RefusedError, Secret, TransportConfigError, hookimpl, setting
from notify_smtp import PRESETS, Credentials, Relay, resolve, secret_from_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Message, Transport
    from notify.dsn import Dsn
    from notify_smtp import Endpoint

_SENDGRID = PRESETS["sendgrid"]
_SENDERS = "https://app.sendgrid.com/settings/sender_auth"
_MOST_CATEGORIES = 10
_LONGEST_CATEGORY = 255
_LARGEST_ARGUMENTS = 10_000
_LONGEST_WORD = 900


def _user(value: str) -> str | None:
    return None if value == _SENDGRID.username else (
        "the user name of SendGrid is the word 'apikey' for everybody; what is yours is the api_key"
    )  # fmt: skip


class SendGridTransport(Relay):
    """Hands messages to SendGrid."""

    capabilities: Capabilities = replace(_SENDGRID.capabilities, tags=True, metadata=True)

    api_key: Secret | None = setting("The API key; by default the variable SENDGRID_API_KEY.", default=None)
    password: Secret | None = setting("Another word for api_key.", default=None)
    username: str = setting("Always the word apikey.", default="apikey", check=_user)
    region: Literal["global", "eu"] = setting("Where the account is: global or eu.", default="global")
    verified_senders: tuple[str, ...] = setting(
        "Addresses, domains, or *.domain that SendGrid has verified; others are refused before connecting.", default=()
    )

    def endpoint(self) -> Endpoint:
        """SendGrid's server, or the one that stands in for it.

        Raises:
            ConfigError: there is no key, or it cannot be one.
        """
        return resolve(self, Credentials(self.username, self._key()), _SENDGRID, self.region)

    def prepare(self, message: Message) -> Message:
        """The message with its tags and metadata in X-SMTPAPI.

        Raises:
            TransportConfigError: the sender is not among `verified_senders`.
            RefusedError: SendGrid would not take the tags or the metadata.
        """
        sender = message.sender.email
        if self.verified_senders and not any(_covers(entry, sender) for entry in self.verified_senders):
            raise TransportConfigError(
                f"the sender {sender} is not among verified_senders ({', '.join(self.verified_senders)})",
                transport=self.name,
                phase="check",
                advice=f"Verify it or its domain at {_SENDERS} and add it there, or send from one that is verified.",
            )
        instructions = self._instructions(message)
        if not instructions:
            return message
        others = tuple((name, value) for name, value in message.headers if name.lower() != "x-smtpapi")
        # blanks after commas and colons, so that the header can be folded there and nowhere else; ASCII only
        text = json.dumps(instructions)
        if max(map(len, text.split(" "))) > _LONGEST_WORD:
            raise self._refusal(f"a tag or metadata has a word of more than {_LONGEST_WORD} letters in X-SMTPAPI")
        return message.replace(headers=(*others, ("X-SMTPAPI", text)))

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """As of any server; a key that stands where the host belongs is not taken for one.

        Raises:
            ConfigError: the DSN cannot be meant so.
        """
        if not dsn.user and dsn.host.startswith("sg."):
            raise ConfigError("sendgrid: the key stands before the host: sendgrid://KEY@default")
        return super().settings_of_dsn(dsn)

    @classmethod
    def settings_of_user(cls, user: str, password: str) -> dict[str, object]:
        """The key of `sendgrid://KEY@default` or `sendgrid://apikey:KEY@default`."""
        if password and user != _SENDGRID.username:
            raise ConfigError("sendgrid: a DSN looks like sendgrid://KEY@default, or sendgrid://apikey:KEY@default")
        return {"api_key": password or user}

    def _key(self) -> Secret:
        if self.api_key and self.password:
            raise ConfigError(f"{self.name}: give one of api_key and password, not both")
        key = self.api_key or self.password or secret_from_environment(_SENDGRID)
        if key is None:
            raise ConfigError(
                f"{self.name}: there is no API key: set api_key, or the environment variable {_SENDGRID.variable}. "
                f"{_SENDGRID.advice}"
            )
        text = key.reveal()
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise ConfigError(
                f"{self.name}: the API key has blanks, line breaks or other characters that no key has; was it copied "
                "whole, and nothing else?"
            )
        return key

    def _instructions(self, message: Message) -> dict[str, Any]:
        """What X-SMTPAPI is to say, or nothing if the message has neither tags nor metadata."""
        if not message.tags and not message.metadata:
            return {}
        written = [value for name, value in message.headers if name.lower() == "x-smtpapi"]
        instructions = self._read(written[0]) if written else {}
        if message.tags:
            instructions["category"] = self._categories(instructions.get("category", []), message.tags)
        if message.metadata:
            instructions["unique_args"] = self._arguments(instructions.get("unique_args", {}), message.metadata)
        return instructions

    def _arguments(self, own: object, metadata: Mapping[str, str]) -> dict[str, Any]:
        """The metadata and the message's own unique_args, which win."""
        if not isinstance(own, dict):
            raise self._refusal("unique_args in the header X-SMTPAPI is not a JSON object")
        arguments = {**metadata, **own}
        size = len(json.dumps(arguments))
        if size > _LARGEST_ARGUMENTS:
            raise self._refusal(f"metadata has {size} octets as JSON, and SendGrid takes {_LARGEST_ARGUMENTS}")
        return arguments

    def _categories(self, own: object, tags: tuple[str, ...]) -> list[str]:
        """The message's own categories and the tags, each once."""
        listed = [own] if isinstance(own, str) else own
        if not isinstance(listed, list) or not all(isinstance(category, str) for category in listed):
            raise self._refusal("category in the header X-SMTPAPI is neither text nor a list of texts")
        tags = tuple(dict.fromkeys([*listed, *tags]))
        if len(tags) > _MOST_CATEGORIES:
            raise self._refusal(f"the message has {len(tags)} tags, and SendGrid takes {_MOST_CATEGORIES}")
        for tag in tags:
            if not tag.isascii() or len(tag) > _LONGEST_CATEGORY:
                raise self._refusal(f"tag {tag!r:.80}: SendGrid takes ASCII of at most {_LONGEST_CATEGORY} letters")
        return list(tags)

    def _read(self, written: str) -> dict[str, Any]:
        try:
            instructions = json.loads(written)
        except ValueError:
            instructions = None
        if not isinstance(instructions, dict):
            raise self._refusal("the header X-SMTPAPI is not a JSON object")
        return instructions

    def _refusal(self, reason: str) -> RefusedError:
        return RefusedError(reason, transport=self.name, phase="check")


def _covers(entry: str, sender: str) -> bool:
    """Whether a verified address, domain or `*.domain` stands for this sender."""
    entry, sender = entry.lower(), sender.lower()
    domain = sender.rpartition("@")[2]
    if entry.startswith("*."):
        return domain.endswith(entry[1:])
    return entry in {sender, domain}


@hookimpl
def notify_transports() -> dict[str, type[Transport]]:
    """Offer the transport `sendgrid`."""
    return {"sendgrid": SendGridTransport}
